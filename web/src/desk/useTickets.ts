import { useCallback, useEffect, useState } from 'react';
import { deskApi } from './api';
import { withTickets, type TicketBook } from './ticketBook';
import type { Ticket, TicketView } from './wire';
import type { DeskLine } from './useDeskSocket';

export interface TicketDesk {
  book: TicketBook;
  /** When each ticket's waiting time was counted by the server, in our clock. */
  countedAt: ReadonlyMap<string, number>;
  /** Came while this desk was open and has not been looked at. */
  fresh: ReadonlySet<string>;
  put: (ticket: Ticket) => void;
  look: (ticketId: string) => void;
}

/** All tickets of this desk: loaded when the line comes up and when a tab is chosen, kept current by its events. */
export function useTickets(line: DeskLine | null, view: TicketView, onError: (error: unknown) => void): TicketDesk {
  const [book, setBook] = useState<TicketBook>(new Map());
  const [countedAt, setCountedAt] = useState<ReadonlyMap<string, number>>(new Map());
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const socket = line?.socket ?? null;
  const generation = line?.generation ?? 0;

  const take = useCallback((tickets: readonly Ticket[]) => {
    const now = Date.now();
    setBook((known) => withTickets(known, tickets));
    setCountedAt((known) => new Map([...known, ...tickets.map(({ id }) => [id, now] as const)]));
  }, []);
  const put = useCallback((ticket: Ticket) => take([ticket]), [take]);

  useEffect(() => {
    let isCurrent = true;
    deskApi.tickets(view).then((tickets) => isCurrent && take(tickets), onError);
    return () => {
      isCurrent = false;
    };
  }, [view, generation, take, onError]);

  useEffect(() => {
    if (generation < 2) return;
    // Back after a break: a ticket that left its list meanwhile is only seen when everything is read again.
    deskApi.tickets('all').then((tickets) => {
      setBook(new Map());
      take(tickets);
    }, onError);
  }, [generation, take, onError]);

  useEffect(() => {
    if (!socket) return;
    const onTicket = (ticket: Ticket) => {
      put(ticket);
      setFresh((known) => {
        const next = new Set(known);
        if (ticket.status === 'waiting') next.add(ticket.id);
        else next.delete(ticket.id);
        return next;
      });
    };
    socket.on('ticket', onTicket);
    return () => void socket.off('ticket', onTicket);
  }, [socket, put]);

  const look = useCallback((ticketId: string) => {
    setFresh((known) => (known.has(ticketId) ? new Set([...known].filter((id) => id !== ticketId)) : known));
  }, []);

  return { book, countedAt, fresh, put, look };
}
