import { expect, it } from 'vitest';
import { lastDays, share } from './period';

it('counts days as China does: after four in the afternoon in London it is tomorrow', () => {
  expect(lastDays(7, Date.parse('2026-11-24T15:59:00Z'), null)).toEqual({ first: '2026-11-18', last: '2026-11-24', channel: null });
  expect(lastDays(1, Date.parse('2026-11-24T16:00:00Z'), 'web')).toEqual({ first: '2026-11-25', last: '2026-11-25', channel: 'web' });
});

it('says no share of nothing', () => {
  expect(share(1, 3)).toBe('33%');
  expect(share(0, 0)).toBeNull();
});
