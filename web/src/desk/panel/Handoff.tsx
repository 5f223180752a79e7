import { Descriptions, Tag } from 'antd';
import { zh } from '../../locales/zh';
import type { Ticket } from '../wire';
import { timeAt } from '../serverClock';

const words = zh.desk.Facts;

/** Why the customer came to a person, in the bot's summary and in a few facts. */
export function Handoff({ ticket }: { ticket: Ticket }) {
  const facts: [string, string | null][] = [
    [words.reason, ticket.reason_label],
    [words.skill, ticket.skill_label],
    [words.priority, words.priorities[ticket.priority] ?? ticket.priority],
    [words.channel, zh.desk.Transcript.channels[ticket.channel] ?? ticket.channel],
    [words.created, timeAt(ticket.created_at)],
    [words.due, ticket.first_reply_due_at && timeAt(ticket.first_reply_due_at)],
    [words.claimed, ticket.claimed_at && timeAt(ticket.claimed_at)],
    [words.replied, ticket.first_replied_at && timeAt(ticket.first_replied_at)],
    [words.holder, ticket.status === 'offered' ? null : ticket.agent_name],
    [words.note, ticket.note],
    [words.closed, ticket.closed_at && timeAt(ticket.closed_at)],
    [words.resolution, ticket.resolution],
  ];
  const items = facts.flatMap(([label, children]) => (children ? [{ key: label, label, children }] : []));
  return (
    <section className="desk-section" data-testid="handoff">
      <h3>{zh.desk.Panel.handoff}</h3>
      <p className="desk-summary">{ticket.summary || words.none}</p>
      <Descriptions column={1} size="small" items={items} />
      {ticket.tags.map((tag) => <Tag key={tag}>{tag}</Tag>)}
    </section>
  );
}
