import { createContext, useContext } from 'react';
import type { OpenPromises } from './promises/usePromises';
import type { OpenConversation } from './useTranscript';
import type { TicketDesk } from './useTickets';
import type { Unread } from './useUnread';
import type { DeskLine } from './useDeskSocket';
import type { Go, Route } from './useHashRoute';
import type { Agent, Ticket } from './wire';

/** What every screen of the desk stands on. */
export interface DeskShared {
  agent: Agent;
  isSupervisor: boolean;
  line: DeskLine | null;
  desk: TicketDesk;
  unread: Unread;
  open: OpenConversation;
  promises: OpenPromises;
  route: Route;
  go: Go;
  /** Shows a failure; a session that ended leads to the login. */
  onError: (error: unknown) => void;
  say: (text: string) => void;
  /** A ticket that this agent changed. */
  onChanged: (ticket: Ticket) => void;
}

export const DeskContext = createContext<DeskShared | null>(null);

export function useDesk(): DeskShared {
  const shared = useContext(DeskContext);
  if (shared === null) throw new Error('outside of the desk');
  return shared;
}
