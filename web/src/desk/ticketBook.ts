import type { Agent, Ticket, TicketView } from './wire';

/** The tickets known to this desk, by id. */
export type TicketBook = ReadonlyMap<string, Ticket>;

export function withTickets(book: TicketBook, tickets: readonly Ticket[]): TicketBook {
  const next = new Map(book);
  for (const ticket of tickets) next.set(ticket.id, ticket);
  return next;
}

export function belongsTo(view: TicketView, ticket: Ticket, agent: Agent): boolean {
  switch (view) {
    case 'waiting':
      return ticket.status === 'waiting';
    case 'mine':
      return isMine(ticket, agent);
    case 'all':
      return true;
    case 'closed':
      return ticket.status === 'closed';
    default:
      return view satisfies never;
  }
}

// The wire names an agent by what is shown; `name` is what they sign in with. A server may send either.
export function isMine(ticket: Ticket, agent: Agent): boolean {
  return ticket.status === 'active' && (ticket.agent_name === agent.display_name || ticket.agent_name === agent.name);
}

/** Who waits longest comes first; otherwise the newest. */
export function listed(book: TicketBook, view: TicketView, agent: Agent): Ticket[] {
  const older = (a: Ticket, b: Ticket) => Date.parse(a.created_at) - Date.parse(b.created_at);
  const tickets = [...book.values()].filter((ticket) => belongsTo(view, ticket, agent));
  return tickets.sort(view === 'waiting' ? older : (a, b) => older(b, a));
}

/** How long the customer has waited, now. The server counted up to `countedAt`; browsers' clocks are not trusted. */
export function waitedSeconds(ticket: Ticket, countedAt: number, now: number): number {
  const since = ticket.status === 'waiting' ? Math.max(0, now - countedAt) / 1000 : 0;
  return ticket.waiting_seconds + since;
}
