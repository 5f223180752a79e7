import { call } from './call';
import type { CannedReply, Colleague, Role, Skill } from './wire';
import type { Case, Complaint, ComplaintReport, Grade, ListName, Numbers, Step } from './wireScreens';

const id = encodeURIComponent;

/** Days, both included; one channel, or all. */
export interface Days {
  first: string;
  last: string;
  channel: string | null;
}

function asked(days: Days, more: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams({ first: days.first, last: days.last });
  if (days.channel) query.set('channel', days.channel);
  for (const [name, value] of Object.entries(more)) if (value) query.set(name, value);
  return query.toString();
}

export interface NewComplaint {
  conversation_id: string;
  cause: string;
  grade: Grade;
  text: string;
}

export interface AccountChange {
  display_name?: string;
  role?: Role;
  skills?: Skill[];
  capacity?: number;
  is_enabled?: boolean;
  password?: string;
}

export type ReplyText = Omit<CannedReply, 'id'>;

/** The routes of the other screens. */
export const screensApi = {
  complaints: async (only: { month?: string; cause?: string } = {}) => {
    const query = new URLSearchParams({ state: only.month ? 'month' : 'open' });
    if (only.month) query.set('month', only.month);
    if (only.cause) query.set('cause', only.cause);
    return (await call<{ complaints: Complaint[] }>('GET', `desk/complaints?${query.toString()}`)).complaints;
  },
  complaint: (no: string) => call<Complaint>('GET', `desk/complaints/${id(no)}`),
  register: (complaint: NewComplaint) => call<Complaint>('POST', 'desk/complaints', complaint),
  takeStep: (no: string, taken: { step: Step; note: string; satisfaction?: number }) => call<Complaint>('POST', `desk/complaints/${id(no)}/steps`, taken),
  own: (no: string, owner: string, grade: Grade) => call<Complaint>('POST', `desk/complaints/${id(no)}/owner`, { owner, grade }),
  report: (months: number) => call<ComplaintReport>('GET', `desk/complaints/report?months=${months}`),
  numbers: (days: Days) => call<Numbers>('GET', `desk/numbers?${asked(days)}`),
  csvOf: (days: Days) => `/api/desk/numbers.csv?${asked(days)}`,
  cases: async (name: ListName, days: Days, only: { reason?: string; topic?: string; score?: string } = {}) =>
    (await call<{ cases: Case[] }>('GET', `desk/numbers/${name}?${asked(days, only)}`)).cases,
  addAccount: (account: { name: string; display_name: string; password: string; role: Role }) => call<{ agent: Colleague }>('POST', 'desk/agents', account),
  changeAccount: (agentId: string, change: AccountChange) => call<{ agent: Colleague }>('PATCH', `desk/agents/${id(agentId)}`, change),
  setHours: (agentId: string, hours: string[][] | null) => call<{ agent: Colleague }>('PUT', `desk/agents/${id(agentId)}/hours`, { hours }),
  addReply: (reply: ReplyText) => call<CannedReply>('POST', 'desk/replies', reply),
  changeReply: (replyId: string, reply: ReplyText) => call<CannedReply>('PUT', `desk/replies/${id(replyId)}`, reply),
  dropReply: (replyId: string) => call<unknown>('DELETE', `desk/replies/${id(replyId)}`),
};
