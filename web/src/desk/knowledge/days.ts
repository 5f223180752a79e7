import { serverNow } from '../serverClock';

/** `2026-11-22`: the bank's today, wherever the browser is. */
export function todayInChina(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(serverNow());
}
