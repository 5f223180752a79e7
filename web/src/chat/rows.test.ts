import { expect, it } from 'vitest';
import { message } from '../testing/messages';
import { added, type Entries } from './outbox';
import { listRows } from './rows';

const past = (...args: Parameters<typeof listRows>) => listRows(...args).flatMap((row) => (row.kind === 'message' ? [row.isPast] : []));

it('only the latest message can still be answered, and a system line does not push it away', () => {
  expect(past([message(1), message(2), message(3, { sender: 'system' })], [])).toEqual([true, false, false]);
});

it('an answer on its way makes the buttons past; a failed one does not', () => {
  const waiting: Entries = added([], { client_id: 'a', text: '好' }, '2026-11-20T09:00:00Z');
  expect(past([message(1)], waiting)).toEqual([true]);
  expect(past([message(1)], waiting.map((entry) => ({ ...entry, state: 'failed' as const })))).toEqual([false]);
});

it('a message keeps its row when it moves from the outbox into the log', () => {
  const outgoing = listRows([], added([], { client_id: 'a', text: '好' }, '2026-11-20T09:00:00Z'));
  const arrived = listRows([message(1, { sender: 'customer', client_id: 'a' })], []);
  expect(outgoing[0]?.key).toBe(arrived[0]?.key);
});
