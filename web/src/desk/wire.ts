/** The desk's side of the wire. */
import type { Message, Mode, ReplyPart } from '../wire';

export interface Agent {
  name: string;
  display_name: string;
  role: 'agent' | 'supervisor';
}

export type TicketStatus = 'waiting' | 'active' | 'closed';
export type TicketView = 'waiting' | 'mine' | 'all' | 'closed';

export interface Ticket {
  id: string;
  conversation_id: string;
  channel: string;
  reason: string;
  reason_label: string;
  skill: string;
  skill_label: string;
  priority: number | string;
  summary: string;
  status: TicketStatus;
  agent_name: string | null;
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

export interface Suggestion {
  understood: Understanding[];
  parts: ReplyPart[] | null;
}

export interface DeskServerEvents {
  ticket: (ticket: Ticket) => void;
  message: (event: { conversation_id: string; message: DeskMessage }) => void;
  mode: (event: { conversation_id: string; mode: Mode }) => void;
}

export interface DeskClientEvents {
  watch: (target: { conversation_id: string }, ack: (answer: { ok: boolean }) => void) => void;
  unwatch: (target: { conversation_id: string }) => void;
}
