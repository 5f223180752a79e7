import type { Agent, Ticket, TicketView } from './wire';

/** The tickets known to this desk, by id. */
export type TicketBook = ReadonlyMap<string, Ticket>;

export function withTickets(book: TicketBook, tickets: readonly Ticket[]): TicketBook {
  const next = new Map(book);
  for (const ticket of tickets) next.set(ticket.id, ticket);
  return next;
}

export function isQueued({ status }: Ticket): boolean {
  return status === 'waiting' || status === 'offered';
}

/** Whether this agent is responsible for it: talking, or on hold. */
export function isMine(ticket: Ticket, agent: Agent): boolean {
  return (ticket.status === 'active' || ticket.status === 'on_hold') && ticket.agent_id === agent.id;
}

/** Whether this agent was asked in and came: may write beside the holder. */
export function isHelper(ticket: Ticket, agent: Agent): boolean {
  return ticket.help?.supervisor_id === agent.id;
}

/** Whether a colleague waits for a supervisor, and this agent could come. */
export function isHelpWanted(ticket: Ticket, agent: Agent): boolean {
  return agent.role !== 'agent' && ticket.status !== 'closed' && ticket.help?.supervisor_id === null && ticket.agent_id !== agent.id;
}

export function isOfferedTo(ticket: Ticket, agent: Agent): boolean {
  return ticket.status === 'offered' && ticket.agent_id === agent.id;
}

export function belongsTo(view: TicketView, ticket: Ticket, agent: Agent): boolean {
  switch (view) {
    case 'waiting':
      return isQueued(ticket);
    case 'mine':
      return isMine(ticket, agent) || isOfferedTo(ticket, agent);
    case 'all':
      return ticket.status !== 'closed';
    case 'closed':
      return ticket.status === 'closed';
    default:
      return view satisfies never;
  }
}

const CLASSES = { urgent: 1, high: 2, normal: 3 } as const;

/** As the queue serves: what is offered to me, then by class, who came back, time to breach, arrival. */
function byTurn(agent: Agent) {
  const rank = (ticket: Ticket) => [
    isOfferedTo(ticket, agent) ? 0 : 1,
    CLASSES[ticket.priority] ?? CLASSES.normal,
    ticket.is_returned ? 0 : 1,
    ticket.first_reply_due_at ? Date.parse(ticket.first_reply_due_at) : Infinity,
    Date.parse(ticket.created_at),
  ];
  return (a: Ticket, b: Ticket) => {
    const [left, right] = [rank(a), rank(b)];
    const at = left.findIndex((value, index) => value !== right[index]);
    return at < 0 ? 0 : left[at]! < right[at]! ? -1 : 1;
  };
}

const newest = (a: Ticket, b: Ticket) => Date.parse(b.created_at) - Date.parse(a.created_at);
const lastClosed = (a: Ticket, b: Ticket) => Date.parse(b.closed_at ?? b.created_at) - Date.parse(a.closed_at ?? a.created_at);

export function listed(book: TicketBook, view: TicketView, agent: Agent): Ticket[] {
  const tickets = [...book.values()].filter((ticket) => belongsTo(view, ticket, agent));
  switch (view) {
    case 'closed':
      return tickets.sort(lastClosed);
    case 'all':
      return tickets.sort((a, b) => Number(isQueued(b)) - Number(isQueued(a)) || (isQueued(a) ? byTurn(agent)(a, b) : newest(a, b)));
    case 'mine':
      return tickets.sort((a, b) => Number(isOfferedTo(b, agent)) - Number(isOfferedTo(a, agent)) || newest(a, b));
    case 'waiting':
      return tickets.sort(byTurn(agent));
    default:
      return view satisfies never;
  }
}

/** How long the customer has waited, now; `now` is the service's clock. */
export function waitedSeconds(ticket: Ticket, now: number): number {
  return isQueued(ticket) ? Math.max(0, now - Date.parse(ticket.created_at)) / 1000 : ticket.waiting_seconds;
}
