/** What crosses the wire between browser and service. Money is text, never a number. */

export interface Option {
  title: string;
  payload: string;
}

export interface Row {
  label: string;
  value: string;
  emphasis: boolean;
}

export interface Chart {
  /** Areas and lines run over time; bars set a few things side by side. */
  type: 'stacked_area' | 'lines' | 'bars';
  title: string;
  /** `labels[i]` belongs to `series[name][i]`. */
  labels: string[];
  /** Decimal strings, in yuan. */
  series: Record<string, string[]>;
}

export type StageState = 'done' | 'current' | 'ahead' | 'stopped';

export interface Stage {
  name: string;
  state: StageState;
  note: string;
}

export type TextPart = { kind: 'text'; text: string; detail: string | null };
export type QuickRepliesPart = { kind: 'quick_replies'; options: Option[]; prompt: string | null };
export type CardPart = { kind: 'card'; title: string; rows: Row[]; notes: string[]; chart: Chart | null };
export type StagesPart = { kind: 'stages'; title: string; stages: Stage[]; notes: string[] };
export type ImagePart = { kind: 'image'; url: string; alt: string };
export type FilePart = { kind: 'file'; url: string; name: string; size: number };
/** Opens a ticket on the service; nobody is shown this part itself. */
export type HandoffPart = { kind: 'handoff'; reason: string; skill: string; summary: string };

export type ReplyPart = TextPart | QuickRepliesPart | CardPart | StagesPart | ImagePart | FilePart | HandoffPart;

export type Sender = 'customer' | 'bot' | 'agent' | 'system';

export interface Message {
  seq: number;
  id: string;
  sender: Sender;
  author_name: string | null;
  parts: ReplyPart[];
  /** The browser's own id of a customer's or an agent's message. */
  client_id: string | null;
  at: string;
}

export type Mode = 'bot' | 'queued' | 'human' | 'closed';

/** Who speaks now; `ahead` is how many wait before this customer. */
export interface ModeState {
  mode: Mode;
  agent_name: string | null;
  ahead: number | null;
}

export interface WireError {
  code: string;
  /** Chinese, fit to show. */
  message: string;
  /** What is wrong, by the name of each field of a form. */
  fields?: Record<string, string>;
}

export interface Session {
  token: string;
  conversation_id: string;
}

export type Outgoing =
  | { client_id: string; text: string }
  | { client_id: string; payload: string; title: string };

export type SendAck = { ok: true; seq: number } | { ok: false; error: WireError };

/** `mode` is a word or the whole state: a reader accepts both. */
export interface History {
  messages: Message[];
  mode: Mode | ModeState;
  agent_name?: string | null;
  ahead?: number | null;
  /** What the customer thought of the bot's answers, by `seq`. */
  opinions?: Record<string, boolean>;
}

export interface Opinion {
  seq: number;
  is_helpful: boolean;
}

export type OpinionAck = { ok: true } | { ok: false; error: WireError };

export interface Typing {
  who: 'bot' | 'agent';
  on: boolean;
}

export interface ChatServerEvents {
  history: (history: History) => void;
  message: (message: Message) => void;
  mode: (state: ModeState) => void;
  typing: (typing: Typing) => void;
}

export interface ChatClientEvents {
  send: (message: Outgoing, ack: (answer: SendAck) => void) => void;
  since: (from: { since: number }, ack: (missed: History) => void) => void;
  opinion: (opinion: Opinion, ack: (answer: OpinionAck) => void) => void;
  typing: (state: { is_typing: boolean }) => void;
}
