import { expect, test } from 'vitest';
import { duration, timeOfDay } from './clock';

const NOON = new Date('2026-11-24T04:00:00Z'); // 12:00 in China

test.each([
  ['2026-11-24T02:05:00+00:00', '10:05'],
  ['2026-11-23T16:30:00+00:00', '00:30'],
  ['2026-11-23T15:59:00+00:00', '11月23日 23:59'],
  ['2025-12-31T16:00:00+00:00', '1月1日 00:00'],
  ['2025-12-31T15:00:00+00:00', '2025年12月31日 23:00'],
  ['not a time', ''],
])('%s is shown as %s, in China, wherever the browser is', (iso, shown) => {
  expect(timeOfDay(iso, NOON)).toBe(shown);
});

test.each([
  [45, '45秒'],
  [200, '3分20秒'],
  [3900, '1小时5分'],
])('%i seconds are %s', (seconds, shown) => {
  expect(duration(seconds)).toBe(shown);
});
