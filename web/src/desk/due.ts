import type { Ticket } from './wire';

export type DueState = 'calm' | 'warning' | 'breach';

/** A clock that the list shows: how much is left, negative when it is over. */
export interface Due {
  state: DueState;
  leftSeconds: number;
}

/** Four fifths of the time used: as the service warns. */
const WARN_LEFT = 0.2;

/**
 * The first reply's clock; none once it was given, or while it stands still.
 *
 * The service's own warning (`isWarned`) counts staffed hours; this estimate only serves a desk that was opened after it.
 */
export function dueOf(ticket: Ticket, now: number, isWarned = false): Due | null {
  if (ticket.first_reply_due_at === null || ticket.first_replied_at !== null) return null;
  if (ticket.status === 'closed' || ticket.status === 'on_hold') return null;
  const due = Date.parse(ticket.first_reply_due_at);
  const left = due - now;
  if (left <= 0) return { state: 'breach', leftSeconds: left / 1000 };
  const isNear = isWarned || left <= (due - Date.parse(ticket.created_at)) * WARN_LEFT;
  return { state: isNear ? 'warning' : 'calm', leftSeconds: left / 1000 };
}

/** What is left of an offer, in whole seconds. */
export function offerSeconds(ticket: Ticket, now: number): number {
  return ticket.offer_expires_at === null ? 0 : Math.max(0, Math.ceil((Date.parse(ticket.offer_expires_at) - now) / 1000));
}
