import { expect, it } from 'vitest';
import type { CustomerPromise } from './promiseApi';
import { byDue, isOverdue, makerOf, standingOf } from './standing';

const NOW = Date.parse('2026-11-24T04:00:00Z');
const promise = (more: Partial<CustomerPromise>): CustomerPromise => ({
  id: 'p1', conversation_id: 'c', kind: 'written_plan', agent_name: '林晓', request_no: null, note: '月供对比',
  made_at: '2026-11-24T02:00:00Z', state: 'running', due_at: '2026-11-24T05:00:00Z', ...more,
});

it('counts down to the end of a promise, and up once it is broken', () => {
  expect(standingOf(promise({}), NOW)).toEqual({ text: '还剩 1小时0分', look: 'is-calm' });
  expect(standingOf(promise({ state: 'warning' }), NOW).look).toBe('is-warning');
  const broken = promise({ due_at: '2026-11-24T03:59:00Z' });
  expect(standingOf(broken, NOW)).toEqual({ text: '超时 1分00秒', look: 'is-breach' });
  expect([isOverdue(broken, NOW), isOverdue(promise({}), NOW)]).toEqual([true, false]);
});

it('says that a clock stands still, and that there is none', () => {
  const still = promise({ state: 'paused', due_at: null });
  expect(standingOf(still, NOW)).toEqual({ text: '时限暂停', look: 'is-calm' });
  expect(standingOf(promise({ state: null, due_at: null }), NOW).text).toBe('没有时限');
  expect(isOverdue(still, NOW)).toBe(false);
});

it('lists the next due first, what stands still at the end', () => {
  const promises = [promise({ id: '1', due_at: null }), promise({ id: '2' }), promise({ id: '3', due_at: '2026-11-24T03:00:00Z' }), promise({ id: '4', due_at: null })];
  expect(byDue(promises).map(({ id }) => id)).toEqual(['3', '2', '1', '4']);
});

it('names who made it', () => {
  expect(makerOf(promise({}))).toBe('林晓');
  expect(makerOf(promise({ agent_name: '' }))).toBe('小房');
  expect(makerOf(promise({ agent_name: '', request_no: 'FW1' }))).toBe('业务申请 FW1');
});
