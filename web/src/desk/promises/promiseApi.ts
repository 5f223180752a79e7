import { call } from '../call';

/** What an agent may promise. */
export type PromiseKind = 'promised_call_back' | 'written_plan';

export interface CustomerPromise {
  id: string;
  conversation_id: string;
  kind: PromiseKind;
  /** Empty where the bot or a service request made it. */
  agent_name: string;
  /** The service request that brought it with it. */
  request_no: string | null;
  note: string;
  made_at: string;
  state: 'running' | 'warning' | 'breached' | 'paused' | 'met' | 'missed' | null;
  due_at: string | null;
}

const id = encodeURIComponent;

export const promiseApi = {
  open: async () => (await call<{ promises: CustomerPromise[] }>('GET', 'desk/promises')).promises,
  make: (conversationId: string, kind: PromiseKind, note: string) =>
    call<CustomerPromise>('POST', `desk/conversations/${id(conversationId)}/promises`, { kind, note }),
  keep: (promiseId: string, note: string) => call<CustomerPromise>('POST', `desk/promises/${id(promiseId)}/kept`, { note }),
};
