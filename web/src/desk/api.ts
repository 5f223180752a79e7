import { zh } from '../locales/zh';
import type { WireError } from '../wire';
import type { Agent, DeskMessage, Suggestion, Ticket, TicketView, Transcript } from './wire';

/** The service said no, or could not be reached; the message is fit to show. */
export class DeskError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'DeskError';
  }
}

async function call<Answer>(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
  const response = await fetch(`/api/desk/${path}`, {
    method,
    credentials: 'same-origin',
    ...(method === 'POST' ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) } : {}),
  }).catch(() => {
    throw new DeskError(0, 'network', zh.desk.Error.network);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as Answer;
  const error = (answer as { error?: Partial<WireError> } | null)?.error;
  throw new DeskError(response.status, error?.code ?? 'unexpected', error?.message ?? zh.desk.Error.unexpected);
}

const id = encodeURIComponent;

/** The desk's routes, one function each. */
export const deskApi = {
  me: async () => (await call<{ agent: Agent }>('GET', 'me')).agent,
  login: async (name: string, password: string) => (await call<{ agent: Agent }>('POST', 'login', { name, password })).agent,
  logout: () => call<unknown>('POST', 'logout'),
  tickets: async (view: TicketView) => (await call<{ tickets: Ticket[] }>('GET', `tickets?view=${view}`)).tickets,
  claim: (ticketId: string) => call<Ticket>('POST', `tickets/${id(ticketId)}/claim`),
  handBack: (ticketId: string, note: string) => call<Ticket>('POST', `tickets/${id(ticketId)}/hand-back`, note ? { note } : {}),
  close: (ticketId: string) => call<Ticket>('POST', `tickets/${id(ticketId)}/close`),
  transcript: (conversationId: string) => call<Transcript>('GET', `conversations/${id(conversationId)}`),
  reply: (conversationId: string, message: { client_id: string; text: string }) =>
    call<DeskMessage>('POST', `conversations/${id(conversationId)}/messages`, message),
  suggestion: (conversationId: string) => call<Suggestion>('GET', `conversations/${id(conversationId)}/suggestion`),
};

export function wordsOf(error: unknown): string {
  return error instanceof DeskError ? error.message : zh.desk.Error.unexpected;
}
