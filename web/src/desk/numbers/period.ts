import type { Days } from '../apiScreens';

const DAY_MS = 86_400_000;
const CHINA = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' });

/** The last `count` days in China, today included. */
export function lastDays(count: number, now: number, channel: string | null): Days {
  return { first: CHINA.format(now - (count - 1) * DAY_MS), last: CHINA.format(now), channel };
}

export function share(part: number, whole: number): string | null {
  return whole > 0 ? `${Math.round((part / whole) * 100)}%` : null;
}
