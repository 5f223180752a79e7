import { expect, it } from 'vitest';
import { listed, waitedSeconds, withTickets } from './ticketBook';
import type { Agent, Ticket } from './wire';

const AGENT: Agent = { name: 'a01', display_name: '林小安', role: 'agent' };

function ticket(id: string, part: Partial<Ticket> = {}): Ticket {
  return {
    id, conversation_id: `c-${id}`, channel: 'web', reason: 'asked', reason_label: '客户要求', skill: 'after_loan', skill_label: '贷后',
    priority: 'normal', summary: '', status: 'waiting', agent_name: null, created_at: `2026-11-20T09:0${id}:00Z`, claimed_at: null,
    closed_at: null, waiting_seconds: 10, first_reply_due_at: null, last_message: '', ...part,
  };
}

it('lists who waits longest first and shows each agent only their own', () => {
  const book = withTickets(new Map(), [
    ticket('2'), ticket('1'), ticket('3', { status: 'active', agent_name: '林小安' }), ticket('4', { status: 'active', agent_name: '王平' }),
  ]);
  const ids = (view: 'waiting' | 'mine' | 'all') => listed(book, view, AGENT).map(({ id }) => id);
  expect(ids('waiting')).toEqual(['1', '2']);
  expect(ids('mine')).toEqual(['3']);
  expect(ids('all')).toEqual(['4', '3', '2', '1']);
});

it('a changed ticket moves to where it now belongs', () => {
  const book = withTickets(withTickets(new Map(), [ticket('1')]), [ticket('1', { status: 'closed' })]);
  expect(listed(book, 'waiting', AGENT)).toEqual([]);
  expect(listed(book, 'closed', AGENT)).toHaveLength(1);
});

it('the waiting time ticks on from what the server counted, and stands still once claimed', () => {
  expect(waitedSeconds(ticket('1'), 1000, 6000)).toBe(15);
  expect(waitedSeconds(ticket('1', { status: 'active' }), 1000, 6000)).toBe(10);
});
