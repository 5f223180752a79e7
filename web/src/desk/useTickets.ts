import { useCallback, useEffect, useState } from 'react';
import { deskApi } from './api';
import { isQueued, withTickets, type TicketBook } from './ticketBook';
import type { DeskLine } from './useDeskSocket';
import type { Ticket, TicketView } from './wire';

export interface TicketDesk {
  book: TicketBook;
  /** False until the first list came. */
  isLoaded: boolean;
  /** The last read failed, and why. */
  failure: unknown;
  /** Came while this desk was open and has not been looked at. */
  fresh: ReadonlySet<string>;
  /** The service warned that the promise comes near its end. */
  warned: ReadonlySet<string>;
  put: (ticket: Ticket) => void;
  look: (ticketId: string) => void;
  reload: () => void;
}

/** All tickets of this desk: loaded when the line comes up and when a tab is chosen, kept current by its events. */
export function useTickets(line: DeskLine | null, view: TicketView): TicketDesk {
  const [book, setBook] = useState<TicketBook>(new Map());
  const [isLoaded, setLoaded] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [warned, setWarned] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState(0);
  const socket = line?.socket ?? null;
  const generation = line?.generation ?? 0;

  const put = useCallback((ticket: Ticket) => setBook((known) => withTickets(known, [ticket])), []);

  useEffect(() => {
    let isCurrent = true;
    // Open ones always: the badges count them, and one that left its list while the line was broken is seen to be gone.
    Promise.all([deskApi.tickets('all'), view === 'closed' ? deskApi.tickets('closed') : []]).then(
      ([open, closed]) => {
        if (!isCurrent) return;
        setBook((known) => withTickets(new Map([...known].filter(([, one]) => one.status === 'closed')), [...open, ...closed]));
        setLoaded(true);
        setFailure(null);
      },
      (error: unknown) => isCurrent && setFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [view, generation, asked]);

  useEffect(() => {
    if (!socket) return;
    const onTicket = (ticket: Ticket) => {
      put(ticket);
      setFresh((known) => withOrWithout(known, ticket.id, isQueued(ticket)));
      if (ticket.first_replied_at !== null) setWarned((known) => withOrWithout(known, ticket.id, false));
    };
    const onClock = (ring: { subject: string; id: string }) => {
      if (ring.subject === 'ticket') setWarned((known) => withOrWithout(known, ring.id, true));
    };
    socket.on('ticket', onTicket);
    socket.on('clock', onClock);
    return () => {
      socket.off('ticket', onTicket);
      socket.off('clock', onClock);
    };
  }, [socket, put]);

  const look = useCallback((ticketId: string) => setFresh((known) => withOrWithout(known, ticketId, false)), []);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { book, isLoaded, failure, fresh, warned, put, look, reload };
}

function withOrWithout(known: ReadonlySet<string>, id: string, isIn: boolean): ReadonlySet<string> {
  if (known.has(id) === isIn) return known;
  return isIn ? new Set([...known, id]) : new Set([...known].filter((one) => one !== id));
}
