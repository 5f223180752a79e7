import { Descriptions, Typography } from 'antd';
import { timeOfDay } from '../clock';
import { zh } from '../locales/zh';
import type { Ticket } from './wire';

const words = zh.desk.Facts;

export function Facts({ ticket }: { ticket: Ticket | null }) {
  if (ticket === null) return <aside className="desk-facts desk-facts-empty">{words.empty}</aside>;
  const time = (at: string | null) => (at === null ? words.none : timeOfDay(at));
  const items = [
    { key: 'reason', label: words.reason, children: ticket.reason_label },
    { key: 'skill', label: words.skill, children: ticket.skill_label },
    { key: 'priority', label: words.priority, children: words.priorities[ticket.priority] ?? String(ticket.priority) },
    { key: 'channel', label: words.channel, children: zh.desk.Transcript.channels[ticket.channel] ?? ticket.channel },
    { key: 'created', label: words.created, children: time(ticket.created_at) },
    { key: 'due', label: words.due, children: time(ticket.first_reply_due_at) },
    { key: 'claimed', label: words.claimed, children: time(ticket.claimed_at) },
    { key: 'holder', label: words.holder, children: ticket.agent_name ?? words.none },
    ...(ticket.closed_at ? [{ key: 'closed', label: words.closed, children: time(ticket.closed_at) }] : []),
  ];
  return (
    <aside className="desk-facts" aria-label={words.title}>
      <Typography.Title level={2}>{words.title}</Typography.Title>
      <h3>{words.summary}</h3>
      <p className="desk-summary">{ticket.summary || words.none}</p>
      <Descriptions column={1} size="small" items={items} />
    </aside>
  );
}
