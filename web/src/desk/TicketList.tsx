import { Badge, Empty, Tabs, Tag } from 'antd';
import { duration } from '../clock';
import { zh } from '../locales/zh';
import { listed, waitedSeconds } from './ticketBook';
import { useNow } from './useNow';
import type { TicketDesk } from './useTickets';
import type { Agent, Ticket, TicketView } from './wire';

const words = zh.desk.TicketList;
const VIEWS: readonly TicketView[] = ['waiting', 'mine', 'all', 'closed'];

interface Props {
  desk: TicketDesk;
  agent: Agent;
  view: TicketView;
  openId: string | null;
  onView: (view: TicketView) => void;
  onOpen: (ticket: Ticket) => void;
}

export function TicketList({ desk, agent, view, openId, onView, onOpen }: Props) {
  const now = useNow();
  const tickets = listed(desk.book, view, agent);
  const count = (of: TicketView) => listed(desk.book, of, agent).length;
  const items = VIEWS.map((key) => ({
    key,
    label: key === 'waiting' || key === 'mine' ? (
      <Badge count={count(key)} size="small" offset={[9, 0]} color={key === 'mine' ? '#0f6b5c' : '#c0392b'}>{words.views[key]}</Badge>
    ) : words.views[key],
  }));
  return (
    <section className="desk-tickets" aria-label={words.label}>
      <Tabs activeKey={view} onChange={(key) => onView(key as TicketView)} items={items} tabBarGutter={30} />
      {tickets.length === 0 ? <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={words.empty[view]} /> : null}
      <ul className="desk-ticket-list">
        {tickets.map((ticket) => (
          <li key={ticket.id}>
            <TicketItem
              ticket={ticket}
              waited={waitedSeconds(ticket, desk.countedAt.get(ticket.id) ?? now, now)}
              isOverdue={isOverdue(ticket, now)}
              isFresh={desk.fresh.has(ticket.id)}
              isOpen={ticket.id === openId}
              onOpen={() => onOpen(ticket)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ItemProps {
  ticket: Ticket;
  waited: number;
  isOverdue: boolean;
  isFresh: boolean;
  isOpen: boolean;
  onOpen: () => void;
}

function TicketItem({ ticket, waited, isOverdue: isLate, isFresh, isOpen, onOpen }: ItemProps) {
  return (
    <button type="button" className={`desk-ticket${isFresh ? ' is-fresh' : ''}${isOpen ? ' is-open' : ''}`} onClick={onOpen}
      data-testid="ticket" data-ticket-id={ticket.id} data-status={ticket.status} aria-current={isOpen}>
      <span className="desk-ticket-head">
        <b>{ticket.reason_label}</b>
        <span className={isLate ? 'desk-waited is-late' : 'desk-waited'}>{standing(ticket, waited)}</span>
      </span>
      <span className="desk-ticket-last">{ticket.last_message || ticket.summary}</span>
      <span className="desk-ticket-tags">
        <Tag>{ticket.skill_label}</Tag>
        <Tag>{zh.desk.Transcript.channels[ticket.channel] ?? ticket.channel}</Tag>
        {isLate ? <Tag color="error">{words.overdue}</Tag> : null}
        {isFresh ? <Tag color="green">{words.fresh}</Tag> : null}
      </span>
    </button>
  );
}

function standing(ticket: Ticket, waited: number): string {
  switch (ticket.status) {
    case 'waiting':
      return words.waited(duration(waited));
    case 'active':
      return words.held(ticket.agent_name ?? '');
    case 'closed':
      return words.closed;
    default:
      return ticket.status satisfies never;
  }
}

function isOverdue(ticket: Ticket, now: number): boolean {
  return ticket.status === 'waiting' && ticket.first_reply_due_at !== null && Date.parse(ticket.first_reply_due_at) < now;
}
