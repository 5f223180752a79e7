import { expect, it } from 'vitest';
import type { RequestLine } from '../wireKnowledge';
import { promiseOf, shownIn, stepsOf } from './standing';

const NOW = Date.parse('2026-11-24T04:00:00Z');
const request = (more: Partial<RequestLine>): RequestLine => ({
  request_no: 'SR1', kind: 'day_change', kind_title: '改还款日', state: 'submitted', conversation_id: 'c', is_valued: false, rows: [],
  created_at: '2026-11-23T04:00:00Z', promised_at: null, ended_at: null, clocks: [], ...more,
});

it('counts down what was promised, and up once it is broken', () => {
  expect(promiseOf(request({ promised_at: '2026-11-25T04:00:00Z' }), NOW)).toEqual({ text: '还剩 24小时0分', look: 'is-calm' });
  expect(promiseOf(request({ promised_at: '2026-11-24T05:00:00Z' }), NOW)?.look).toBe('is-warning');
  expect(promiseOf(request({ promised_at: '2026-11-24T03:00:00Z' }), NOW)).toEqual({ text: '超时 1小时0分', look: 'is-breach' });
});

it('promises nothing where nothing was promised or all is over', () => {
  expect(promiseOf(request({}), NOW)).toBeNull();
  expect(promiseOf(request({ promised_at: '2026-11-24T03:00:00Z', ended_at: '2026-11-24T02:00:00Z', state: 'done' }), NOW)).toBeNull();
});

it('offers the steps of each state, and none at the end', () => {
  expect(stepsOf('submitted')).toEqual(['accept', 'refuse']);
  expect(stepsOf('accepted')).toEqual(['complete', 'refuse']);
  expect(stepsOf('done')).toEqual([]);
  const both = [request({}), request({ state: 'accepted' })];
  expect(shownIn('accepted', both).map(({ state }) => state)).toEqual(['accepted']);
});
