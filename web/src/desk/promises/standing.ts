import { duration } from '../../clock';
import { zh } from '../../locales/zh';
import type { CustomerPromise } from './promiseApi';

const words = zh.desk.Promises;

export interface Standing {
  text: string;
  look: 'is-calm' | 'is-warning' | 'is-breach';
}

export function isOverdue({ due_at }: CustomerPromise, now: number): boolean {
  return due_at !== null && Date.parse(due_at) < now;
}

/** How an open promise stands; near its end as the service says, which counts staffed hours. */
export function standingOf(promise: CustomerPromise, now: number): Standing {
  if (promise.due_at === null) return { text: promise.state === 'paused' ? words.paused : words.noLimit, look: 'is-calm' };
  const left = (Date.parse(promise.due_at) - now) / 1000;
  if (left < 0) return { text: words.over(duration(-left)), look: 'is-breach' };
  return { text: words.left(duration(left)), look: promise.state === 'warning' ? 'is-warning' : 'is-calm' };
}

/** The next due first; what stands still at the end. */
export function byDue(promises: readonly CustomerPromise[]): CustomerPromise[] {
  const due = ({ due_at }: CustomerPromise) => (due_at === null ? Infinity : Date.parse(due_at));
  return [...promises].sort((a, b) => (due(a) === due(b) ? 0 : due(a) - due(b)));
}

/** Who made it. */
export function makerOf({ agent_name, request_no }: CustomerPromise): string {
  return agent_name || (request_no === null ? words.bot : words.request(request_no));
}
