import { duration } from '../../clock';
import { deskKnowledge } from '../../locales/deskKnowledge';
import type { RequestLine, RequestStep, RequestState } from '../wireKnowledge';

const words = deskKnowledge.Requests;
const SOON_SECONDS = 4 * 3600;

export type Group = keyof typeof words.states;

export interface Due {
  text: string;
  look: 'is-calm' | 'is-warning' | 'is-breach';
}

/** Which list of requests the service is asked for, and which of them are shown. */
export function shownIn(group: Group, requests: readonly RequestLine[]): RequestLine[] {
  return group === 'ended' ? [...requests] : requests.filter(({ state }) => state === group);
}

/** By when the customer was promised an answer; nothing once it is over, or where nothing was promised. */
export function promiseOf({ promised_at, ended_at }: RequestLine, now: number): Due | null {
  if (promised_at === null || ended_at !== null) return null;
  const left = (Date.parse(promised_at) - now) / 1000;
  if (left < 0) return { text: words.over(duration(-left)), look: 'is-breach' };
  return { text: words.left(duration(left)), look: left < SOON_SECONDS ? 'is-warning' : 'is-calm' };
}

const STEPS: Record<RequestState, readonly RequestStep[]> = { submitted: ['accept', 'refuse'], accepted: ['complete', 'refuse'], done: [], refused: [], withdrawn: [] };

/** Which steps the bank can take now; the service decides, this only offers. */
export function stepsOf(state: RequestState): readonly RequestStep[] {
  return STEPS[state];
}
