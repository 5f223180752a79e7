import { call } from './call';
import { learnNow } from './serverClock';
import type {
  AnswerLine, AnswerPage, AnswerPieces, Cluster, FactLine, FactPage, MissPlace, NewValue, RequestLine, RequestPage, RequestStep, Said,
} from './wireKnowledge';

const id = encodeURIComponent;
/** `topic/slug`: both are plain words. */
const answer = (name: string) => `desk/knowledge/answers/${name.split('/').map(id).join('/')}`;

/** The routes of the screens for knowledge, unanswered words and requests. */
export const knowledgeApi = {
  facts: () => call<{ today: string; facts: FactLine[] }>('GET', 'desk/knowledge/facts'),
  fact: (key: string, region: string) => call<FactPage>('GET', `desk/knowledge/facts/${id(key)}?region=${id(region)}`),
  setFact: (key: string, value: NewValue) => call<FactPage>('POST', `desk/knowledge/facts/${id(key)}`, value),
  answers: () => call<{ today: string; answers: AnswerLine[] }>('GET', 'desk/knowledge/answers'),
  answer: (name: string) => call<AnswerPage>('GET', answer(name)),
  preview: (name: string, draft: AnswerPieces & { effective_from: string }) => call<Said>('POST', `${answer(name)}/preview`, draft),
  setAnswer: (name: string, text: AnswerPieces & { effective_from: string; reason: string }) => call<AnswerPage>('POST', answer(name), text),
  takeBack: (change: string) => call<unknown>('POST', `desk/knowledge/changes/${id(change)}/take-back`),
  unanswered: (days: number) => call<{ clusters: Cluster[]; intents: string[] }>('GET', `desk/unanswered?days=${days}`),
  layAside: (misses: MissPlace[]) => call<unknown>('POST', 'desk/unanswered/lay-aside', { misses }),
  teach: (misses: MissPlace[], intent: string) =>
    call<{ taught: string[]; refused: [string, string][] }>('POST', 'desk/unanswered/teach', { misses, intent }),
  requests: async (state: 'open' | 'ended') => {
    const { requests, now } = await call<{ requests: RequestLine[]; now: string }>('GET', `desk/requests?state=${state}`);
    learnNow(now);
    return requests;
  },
  request: (no: string) => call<RequestPage>('GET', `desk/requests/${id(no)}`),
  takeStep: (no: string, step: RequestStep, note: string) =>
    call<RequestPage>('POST', `desk/requests/${id(no)}/steps`, { step, ...(note ? { note } : {}) }),
};
