import { Badge, Tag } from 'antd';
import { duration } from '../clock';
import { zh } from '../locales/zh';
import { dueOf, offerSeconds, type Due } from './due';
import { isHelpWanted, isMine, isOfferedTo, isQueued, waitedSeconds } from './ticketBook';
import type { Agent, Ticket } from './wire';
import { timeAt } from './serverClock';

const words = zh.desk.TicketList;

interface Props {
  ticket: Ticket;
  agent: Agent;
  now: number;
  isFresh: boolean;
  isWarned: boolean;
  isOpen: boolean;
  unread: number;
  onOpen: () => void;
}

/** One customer in the list: how it stands, the last words, what matters for the choice. */
export function TicketItem({ ticket, agent, now, isFresh, isWarned, isOpen, unread, onOpen }: Props) {
  const due = dueOf(ticket, now, isWarned);
  const marks = [isFresh && 'is-fresh', isOpen && 'is-open', isOfferedTo(ticket, agent) && 'is-offered', due && `is-${due.state}`];
  return (
    <button type="button" className={['desk-ticket', ...marks].filter(Boolean).join(' ')} onClick={onOpen}
      data-testid="ticket" data-ticket-id={ticket.id} data-status={ticket.status} data-due={due?.state} aria-current={isOpen}>
      <span className="desk-ticket-head">
        <b>{ticket.reason_label}</b>
        {unread > 0 ? <Badge count={unread} title={words.unread(unread)} data-testid="unread" color="#b3261e" /> : null}
        <span className="desk-waited">{isQueued(ticket) ? words.waited(duration(waitedSeconds(ticket, now))) : timeAt(ticket.closed_at ?? ticket.created_at)}</span>
      </span>
      <span className="desk-ticket-last">{ticket.last_message || ticket.summary}</span>
      <span className="desk-ticket-standing">
        {ticket.status === 'waiting' ? null : <span data-testid="standing">{standing(ticket, agent, now)}</span>}
        {due ? <DueText due={due} /> : null}
      </span>
      <span className="desk-ticket-tags">
        {isHelpWanted(ticket, agent) ? <Tag color="volcano" data-testid="help-wanted">{words.helpWanted}</Tag> : null}
        {ticket.priority === 'urgent' ? <Tag color="red">{words.urgent}</Tag> : null}
        {ticket.is_returned && isQueued(ticket) ? <Tag color="orange">{words.returned}</Tag> : null}
        <Tag>{ticket.skill_label}</Tag>
        <Tag>{zh.desk.Transcript.channels[ticket.channel] ?? ticket.channel}</Tag>
        {ticket.language === 'en' ? <Tag>{words.english}</Tag> : null}
        {isFresh ? <Tag color="green">{words.fresh}</Tag> : null}
      </span>
    </button>
  );
}

export function DueText({ due }: { due: Due }) {
  const text = due.state === 'breach' ? words.overdueBy(duration(-due.leftSeconds)) : words.dueIn(duration(due.leftSeconds));
  const sign = { calm: '', warning: `${words.nearDue} · `, breach: '' }[due.state];
  return <span className={`desk-due is-${due.state}`} data-testid="due">{sign}{text}</span>;
}

export function standing(ticket: Ticket, agent: Agent, now: number): string {
  switch (ticket.status) {
    case 'waiting':
      return '';
    case 'offered':
      return isOfferedTo(ticket, agent) ? words.offeredToMe(duration(offerSeconds(ticket, now))) : words.offeredTo(ticket.agent_name ?? '');
    case 'active':
      return isMine(ticket, agent) ? words.mine : words.held(ticket.agent_name ?? '');
    case 'on_hold':
      return words.onHold(ticket.hold_until ? timeAt(ticket.hold_until) : '');
    case 'closed':
      return ticket.resolution ?? words.closed;
    default:
      return ticket.status satisfies never;
  }
}
