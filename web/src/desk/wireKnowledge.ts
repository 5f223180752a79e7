/** Facts, answers, unanswered words and requests as the desk reads them. */
import type { TextPart } from '../wire';
import type { ComplaintClock } from './wireScreens';

export type FactStatus = 'A' | 'B' | 'U' | 'bank';

export interface FactValue {
  /** As a customer reads it, with its unit. */
  value: string;
  /** As it is typed. */
  written: string;
  effective_from: string;
  effective_to: string | null;
  source: string;
  status: FactStatus;
  verified_on: string;
}

export interface FactLine extends FactValue {
  key: string;
  region: string;
  title: string;
  unit: string;
  shape: 'scalar' | 'range' | 'list';
  is_of_the_bank: boolean;
  holds_today: boolean;
  review_by: string | null;
  is_overdue: boolean;
  coming: FactValue | null;
}

export interface KnowledgeChange {
  /** `p12` of a fact, `a3` of an answer. */
  name: string;
  subject: string;
  value: string | null;
  effective_from: string;
  author: string;
  made_at: string;
  reason: string | null;
  taken_back_by: string | null;
  taken_back_at: string | null;
}

export interface FactPage extends FactLine {
  /** Newest first. */
  values: (FactValue & { holds_today: boolean })[];
  changes: KnowledgeChange[];
}

export interface NewValue {
  value: string;
  effective_from: string;
  source: string;
  reason: string;
  region: string;
  status?: FactStatus;
  review_by?: string;
}

export interface AnswerLine {
  name: string;
  topic: string;
  title: string;
  is_default: boolean;
  questions: string[];
  short: string;
  review_by: string;
  is_overdue: boolean;
  is_changed: boolean;
}

export interface Said {
  parts: TextPart[];
  english: string | null;
  facts: { key: string; title: string; value: string }[];
}

/** The three pieces of an answer's text. */
export interface AnswerPieces {
  head: string;
  short: string;
  long: string;
}

export interface AnswerPage extends AnswerPieces {
  name: string;
  preview: Said | null;
  changes: KnowledgeChange[];
}

/** Where a miss stands: a part of a turn. */
export interface MissPlace {
  turn_id: string;
  part: number;
}

export interface Cluster {
  id: string;
  count: number;
  since: string;
  newest: string;
  suggested_intent: string;
  suggested_by: 'picks' | 'model';
  why: Record<string, number>;
  /** The most typical first. */
  texts: string[];
  examples: { text: string; at: string; conversation_id: string }[];
  misses: MissPlace[];
}

export type RequestState = 'submitted' | 'accepted' | 'done' | 'refused' | 'withdrawn';
export type RequestStep = 'accept' | 'complete' | 'refuse';

export interface RequestLine {
  request_no: string;
  kind: string;
  kind_title: string;
  state: RequestState;
  conversation_id: string;
  is_valued: boolean;
  rows: { label: string; value: string }[];
  created_at: string;
  promised_at: string | null;
  ended_at: string | null;
  clocks: ComplaintClock[];
}

export interface RequestPage extends RequestLine {
  application_no: string | null;
  events: { state: RequestState; actor: string; note: string | null; at: string }[];
}
