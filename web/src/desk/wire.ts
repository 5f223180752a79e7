/** The desk's side of the wire. */
import type { Message, Mode, ReplyPart } from '../wire';

export type Role = 'agent' | 'supervisor' | 'admin';
export type Skill = 'before_loan' | 'application' | 'after_loan' | 'complaint';
export type Presence = 'online' | 'away' | 'offline';

export interface Agent {
  id: string;
  name: string;
  display_name: string;
  role: Role;
  skills: Skill[];
  /** How many customers at once. */
  capacity: number;
  /** Whether the login asks for a code. */
  has_second_factor?: boolean;
  /** Seven lists of `08:30-12:00`, Monday first; null: the bank's staffed hours. */
  hours?: string[][] | null;
}

/** An agent as colleagues see them; `load` counts tickets held and offered. */
export interface Colleague extends Agent {
  presence: Presence;
  is_enabled: boolean;
  load: number;
}

export type TicketStatus = 'waiting' | 'offered' | 'active' | 'on_hold' | 'closed';
export type TicketView = 'waiting' | 'mine' | 'all' | 'closed';

export interface Ticket {
  id: string;
  conversation_id: string;
  channel: string;
  reason: string;
  reason_label: string;
  skill: Skill;
  skill_label: string;
  priority: 'urgent' | 'high' | 'normal';
  summary: string;
  status: TicketStatus;
  outcome: string | null;
  note: string | null;
  /** A supervisor whom the holder asked in; without an id nobody has come yet. */
  help?: { why: string; asked_at: string; supervisor_id: string | null; supervisor_name: string | null } | null;
  /** Who holds it, or whom it is offered to. */
  agent_id: string | null;
  agent_name: string | null;
  language: string;
  is_returned: boolean;
  offer_expires_at: string | null;
  first_replied_at: string | null;
  hold_until: string | null;
  hold_reason: string | null;
  resolution: string | null;
  tags: string[];
  created_at: string;
  claimed_at: string | null;
  closed_at: string | null;
  waiting_seconds: number;
  first_reply_due_at: string | null;
  last_message: string;
}

export type Band = 'answer' | 'ask' | 'decline';

export interface Guess {
  intent: string;
  topic: string;
  confidence: number;
}

export interface Entity {
  type: string;
  value: unknown;
  text: string;
  start: number;
  end: number;
  role?: string | null;
}

/** How a customer sounds, and how much: 0 is calm, 2 strong. */
export interface Feeling {
  label: 'calm' | 'worried' | 'angry' | 'urgent';
  strength: 0 | 1 | 2;
}

export interface Understanding {
  text: string;
  intent: string;
  topic: string;
  confidence: number;
  band: Band;
  ranking: Guess[];
  entities: Entity[];
  feeling: Feeling | null;
}

export interface DeskMessage extends Message {
  turn_id?: string | null;
}

export interface Turn {
  id: string;
  started_at: string;
  outcome: string | null;
  understood: Understanding[];
}

export interface Transcript {
  conversation: { id: string; channel: string; mode: Mode; created_at: string };
  messages: DeskMessage[];
  turns: Turn[];
  tickets: Ticket[];
}

export interface SuggestedAnswer {
  title: string;
  confidence: number;
  parts: ReplyPart[];
}

export interface Suggestion {
  understood: Understanding[];
  answers: SuggestedAnswer[];
}

export type NoteKind = 'note' | 'whisper';

/** What colleagues write for each other; the customer never sees it. */
export interface Note {
  id: string;
  conversation_id: string;
  kind: NoteKind;
  author_name: string;
  text: string;
  at: string;
}

export interface CannedReply {
  id: string;
  shortcut: string;
  text: string;
  is_shared: boolean;
}

/** A promise comes near its end, or is broken. */
export interface ClockRing {
  subject: 'ticket' | 'complaint' | 'request' | 'promise';
  id: string;
  promise: string;
  is_breach: boolean;
}

export interface DeskServerEvents {
  ticket: (ticket: Ticket) => void;
  message: (event: { conversation_id: string; message: DeskMessage }) => void;
  mode: (event: { conversation_id: string; mode: Mode }) => void;
  note: (event: { conversation_id: string; note: Note }) => void;
  typing: (event: { conversation_id: string; is_typing: boolean }) => void;
  clock: (ring: ClockRing) => void;
  /** An agent asks for a supervisor; only supervisors are sent this. */
  help: (ticket: Ticket) => void;
}

export interface DeskClientEvents {
  watch: (target: { conversation_id: string }, ack: (answer: { ok: boolean }) => void) => void;
  unwatch: (target: { conversation_id: string }) => void;
  typing: (target: { conversation_id: string; is_typing: boolean }) => void;
}
