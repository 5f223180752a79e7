import { expect, it } from 'vitest';
import type { ComplaintClock } from '../wireScreens';
import { clockText } from './ComplaintClocks';
import { stepsOf } from './steps';

const clock = (state: ComplaintClock['state'], left_seconds: number): ComplaintClock => ({ promise: 'complaint_solution', state, left_seconds, due_at: null });

it('a clock runs on from what was read, and over its end', () => {
  expect(clockText(clock('running', 90), 30)).toBe('还剩 1分00秒');
  expect(clockText(clock('running', 90), 95)).toBe('超时 5秒');
  expect(clockText(clock('breached', -60), 30)).toBe('超时 1分30秒');
});

it('a paused clock stands still', () => {
  expect(clockText(clock('paused', 90), 1000)).toBe('暂停，还剩 1分30秒');
});

it('a solution is put to a customer only after somebody talked with them, and ended complaints take no step', () => {
  expect(stepsOf('registered')).not.toContain('offer');
  expect(stepsOf('contacted')).toContain('offer');
  expect(stepsOf('solved')).toEqual(['call_back']);
  expect(stepsOf('closed')).toEqual([]);
  expect(stepsOf('withdrawn')).toEqual([]);
});
