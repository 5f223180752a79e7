import { timeOfDay } from '../clock';

/** The service's time: due times are counted down by its clock, agents' machines are often minutes off. */
let ahead = 0;

/** What the service said its time is, just now. */
export function learnNow(iso: string): void {
  const now = Date.parse(iso);
  if (!Number.isNaN(now)) ahead = now - Date.now();
}

/** Milliseconds, as `Date.now`. */
export function serverNow(): number {
  return Date.now() + ahead;
}

/** `14:05`, with the day in front when it is not the service's today. */
export function timeAt(iso: string): string {
  return timeOfDay(iso, new Date(serverNow()));
}
