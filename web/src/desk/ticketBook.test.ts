import { expect, it } from 'vitest';
import { AGENT, ticket } from '../testing/tickets';
import { dueOf, offerSeconds } from './due';
import { isHelpWanted, listed, waitedSeconds, withTickets } from './ticketBook';
import type { Ticket } from './wire';

const ids = (tickets: readonly Ticket[], view: 'waiting' | 'mine' | 'all' | 'closed') =>
  listed(withTickets(new Map(), tickets), view, AGENT).map(({ id }) => id);

it('lists as the queue serves: offered to me, the class, who came back, time to breach, arrival', () => {
  const tickets = [
    ticket('1'), ticket('2', { first_reply_due_at: '2026-11-20T09:10:00Z' }), ticket('3', { is_returned: true }),
    ticket('4', { priority: 'urgent' }), ticket('5', { status: 'offered', agent_id: 'a1' }), ticket('6', { status: 'offered', agent_id: 'a2' }),
  ];
  expect(ids(tickets, 'waiting')).toEqual(['5', '4', '3', '2', '1', '6']);
});

it('shows each agent only their own, on hold and offered ones too', () => {
  const tickets = [
    ticket('1', { status: 'active', agent_id: 'a1' }), ticket('2', { status: 'on_hold', agent_id: 'a1' }),
    ticket('3', { status: 'offered', agent_id: 'a1' }), ticket('4', { status: 'active', agent_id: 'a2', agent_name: '林晓' }), ticket('5'),
  ];
  expect(ids(tickets, 'mine')).toEqual(['3', '2', '1']);
  expect(ids(tickets, 'all')).toEqual(['3', '5', '4', '2', '1']);
});

it('a changed ticket moves to where it now belongs', () => {
  const book = withTickets(withTickets(new Map(), [ticket('1')]), [ticket('1', { status: 'closed' })]);
  expect(listed(book, 'waiting', AGENT)).toEqual([]);
  expect(listed(book, 'closed', AGENT)).toHaveLength(1);
});

it('the waiting time ticks on by the clock of the service, and stands still once claimed', () => {
  const at = Date.parse('2026-11-20T09:01:15Z');
  expect(waitedSeconds(ticket('1'), at)).toBe(15);
  expect(waitedSeconds(ticket('1', { status: 'active' }), at)).toBe(10);
});

it('the first reply is near its end in the last fifth, and late after it', () => {
  const due = ticket('0', { first_reply_due_at: '2026-11-20T09:15:00Z' });
  const at = (time: string) => Date.parse(`2026-11-20T09:${time}Z`);
  expect(dueOf(due, at('11:59'))).toEqual({ state: 'calm', leftSeconds: 181 });
  expect(dueOf(due, at('12:00'))).toEqual({ state: 'warning', leftSeconds: 180 });
  expect(dueOf(due, at('01:00'), true)?.state).toBe('warning');
  expect(dueOf(due, at('15:30'))).toEqual({ state: 'breach', leftSeconds: -30 });
});

it('no clock runs once the reply was given, on hold, or after the end', () => {
  const due = { first_reply_due_at: '2026-11-20T09:15:00Z' };
  expect(dueOf(ticket('0', { ...due, first_replied_at: '2026-11-20T09:02:00Z' }), 0)).toBeNull();
  expect(dueOf(ticket('0', { ...due, status: 'on_hold' }), 0)).toBeNull();
  expect(dueOf(ticket('0', { ...due, status: 'closed' }), 0)).toBeNull();
});

it('an offer counts down to nothing and not below', () => {
  const offered = ticket('1', { offer_expires_at: '2026-11-20T09:02:00Z' });
  expect(offerSeconds(offered, Date.parse('2026-11-20T09:01:20.500Z'))).toBe(40);
  expect(offerSeconds(offered, Date.parse('2026-11-20T09:03:00Z'))).toBe(0);
});

it('calls a supervisor to a colleague who asked, until somebody came', () => {
  const help = { why: '特批', asked_at: '2026-11-20T09:00:00Z', supervisor_id: null, supervisor_name: null };
  const supervisor = { ...AGENT, id: 's1', role: 'supervisor' as const };
  const asked = ticket('1', { status: 'active', agent_id: 'a2', help });
  expect(isHelpWanted(asked, supervisor)).toBe(true);
  expect(isHelpWanted(asked, AGENT)).toBe(false);
  expect(isHelpWanted({ ...asked, agent_id: 's1' }, supervisor)).toBe(false);
  expect(isHelpWanted({ ...asked, help: { ...help, supervisor_id: 's2', supervisor_name: '周' } }, supervisor)).toBe(false);
  expect(isHelpWanted({ ...asked, status: 'closed' }, supervisor)).toBe(false);
  expect(isHelpWanted(ticket('2'), supervisor)).toBe(false);
});
