import type { CardPart } from '../wire';
import { call } from './call';
import { learnNow } from './serverClock';
import type { Agent, CannedReply, Colleague, DeskMessage, Note, NoteKind, Presence, Skill, Suggestion, Ticket, TicketView, Transcript } from './wire';
import type { Customer, Secret } from './wireScreens';

export { DeskError, wordsOf } from './call';

const id = encodeURIComponent;
const ticket = (ticketId: string, verb: string, body?: object) => call<Ticket>('POST', `desk/tickets/${id(ticketId)}/${verb}`, body);
const conversation = (conversationId: string) => `desk/conversations/${id(conversationId)}`;

/** A pass to colleagues with a skill, or to one of them. */
export type PassOn = { note: string } & ({ skill: Skill } | { to: string });
export interface Resolution {
  resolution?: string;
  tags: string[];
  note?: string;
}

/** One of the service's calculations and its inputs. */
export interface Calculation {
  kind: string;
  inputs: Record<string, unknown>;
}

/** The routes of the daily work, one function each. */
export const deskApi = {
  me: async () => (await call<{ agent: Agent }>('GET', 'desk/me')).agent,
  login: async (name: string, password: string, code?: string) => (await call<{ agent: Agent }>('POST', 'desk/login', { name, password, code })).agent,
  logout: () => call<unknown>('POST', 'desk/logout'),
  presence: (presence: Exclude<Presence, 'offline'>) => call<unknown>('POST', 'desk/presence', { presence }),
  agents: async () => (await call<{ agents: Colleague[] }>('GET', 'desk/agents')).agents,
  tickets: async (view: TicketView) => {
    const { tickets, now } = await call<{ tickets: Ticket[]; now?: string }>('GET', `desk/tickets?view=${view}`);
    if (now) learnNow(now);
    return tickets;
  },
  claim: (ticketId: string) => ticket(ticketId, 'claim'),
  refuse: (ticketId: string) => ticket(ticketId, 'refuse'),
  resume: (ticketId: string) => ticket(ticketId, 'resume'),
  takeOver: (ticketId: string) => ticket(ticketId, 'take-over'),
  assign: (ticketId: string, to: string) => ticket(ticketId, 'assign', { to }),
  passOn: (ticketId: string, order: PassOn) => ticket(ticketId, 'pass-on', order),
  askHelp: (ticketId: string, why: string) => ticket(ticketId, 'help', { why }),
  joinHelp: (ticketId: string) => ticket(ticketId, 'help/join'),
  leaveHelp: (ticketId: string) => ticket(ticketId, 'help/leave'),
  hold: (ticketId: string, minutes: number, reason: string) => ticket(ticketId, 'hold', { minutes, reason }),
  handBack: (ticketId: string, words: { note?: string; sentence?: string }) => ticket(ticketId, 'hand-back', words),
  close: (ticketId: string, resolution: Resolution) => ticket(ticketId, 'close', resolution),
  stepIn: (conversationId: string) => call<Ticket>('POST', `${conversation(conversationId)}/step-in`),
  transcript: (conversationId: string) => call<Transcript>('GET', conversation(conversationId)),
  reply: (conversationId: string, message: { client_id: string; text: string }) =>
    call<DeskMessage>('POST', `${conversation(conversationId)}/messages`, message),
  suggestion: (conversationId: string) => call<Suggestion>('GET', `${conversation(conversationId)}/suggestion`),
  notes: async (conversationId: string) => (await call<{ notes: Note[] }>('GET', `${conversation(conversationId)}/notes`)).notes,
  addNote: (conversationId: string, text: string, kind: NoteKind) => call<Note>('POST', `${conversation(conversationId)}/notes`, { text, kind }),
  customer: (conversationId: string) => call<Customer>('GET', `${conversation(conversationId)}/customer`),
  reveal: async (conversationId: string, what: Secret, why: string) =>
    (await call<{ value: string }>('POST', `${conversation(conversationId)}/reveal`, { what, why })).value,
  replies: async () => (await call<{ replies: CannedReply[] }>('GET', 'desk/replies')).replies,
  card: async (calculation: Calculation) => (await call<{ part: CardPart }>('POST', 'desk/cards', calculation)).part,
  sendCard: (conversationId: string, clientId: string, calculation: Calculation) =>
    call<DeskMessage>('POST', `${conversation(conversationId)}/cards`, { client_id: clientId, ...calculation }),
  sendFile: (conversationId: string, clientId: string, file: File) => {
    const form = new FormData();
    form.append('client_id', clientId);
    form.append('file', file, file.name || 'picture');
    return call<DeskMessage>('POST', `${conversation(conversationId)}/files`, form);
  },
};
