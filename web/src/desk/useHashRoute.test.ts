import { expect, it } from 'vitest';
import { hashOf, parseHash } from './useHashRoute';

it('reads what it wrote', () => {
  const route = { screen: 'complaints', view: 'waiting', id: 'TS 1/2', query: { month: '2026-11-01', cause: 'delay' } } as const;
  expect(hashOf(route)).toBe('#/complaints/TS%201%2F2?month=2026-11-01&cause=delay');
  expect(parseHash(hashOf(route))).toEqual(route);
});

it('knows the queue with and without its name in front, and opens it for what it does not know', () => {
  expect(parseHash('#/queue/mine/t1')).toMatchObject({ screen: 'queue', view: 'mine', id: 't1' });
  expect(parseHash('#/mine/t1')).toMatchObject({ screen: 'queue', view: 'mine', id: 't1' });
  expect(parseHash('#/nothing/%E0%A4%A')).toMatchObject({ screen: 'queue', view: 'waiting', id: null });
  expect(parseHash('')).toMatchObject({ screen: 'queue', view: 'waiting', id: null });
});
