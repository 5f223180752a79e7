/** What the side panel and the supervisors' screens read. Money is text. */
export interface PanelDocument {
  kind: string;
  name: string;
  state: string;
  valid_until: string | null;
}

export interface PanelApplication {
  application_no: string;
  product: string;
  amount: string;
  term_months: number;
  state: string;
  stage: string;
  submitted_at: string;
  documents: PanelDocument[];
}

export interface PanelLoan {
  loan_no: string;
  kind: string;
  state: string;
  principal: string;
  balance: string;
  /** A fraction: `0.035`. */
  annual_rate: string;
  term_months: number;
  method: string;
  repayment_day: number;
  account_tail: string | null;
  arrears_amount: string;
  arrears_since: string | null;
}

export interface PanelRequest {
  request_no: string;
  kind: string;
  state: string;
  created_at: string;
  promised_at: string | null;
}

export interface PanelComplaint {
  complaint_no: string;
  cause: string;
  grade: string;
  state: string;
  created_at: string;
}

export interface PastConversation {
  conversation_id: string;
  channel: string;
  at: string;
  reason: string;
  resolution: string | null;
}

/** Something the customer was told of the bank's own accord, and what was tried. */
export interface PanelNotice {
  kind: string;
  title: string;
  state: string;
  reason: string | null;
  created_at: string;
  due_at: string;
  attempts: { channel: string; manner: string; state: string; reason: string | null; at: string }[];
}

/** Unverified, nothing but complaints of this conversation is told. */
export type Customer =
  | { is_verified: false; complaints: PanelComplaint[] }
  | {
      is_verified: true;
      is_valued: boolean;
      name: string;
      phone: string;
      id_number: string;
      applications: PanelApplication[];
      loans: PanelLoan[];
      requests: PanelRequest[];
      complaints: PanelComplaint[];
      notices: PanelNotice[];
      conversations: PastConversation[];
    };

export type Secret = 'name' | 'phone' | 'id_number';

export type Grade = 'ordinary' | 'urgent' | 'complex';
export type ComplaintState = 'registered' | 'contacted' | 'offered' | 'solved' | 'closed' | 'withdrawn';
export type Step = 'contact' | 'offer' | 'accept' | 'reject' | 'call_back' | 'withdraw';

export interface ComplaintClock {
  promise: string;
  state: 'running' | 'warning' | 'breached' | 'paused' | 'met' | 'missed';
  due_at: string | null;
  left_seconds: number;
}

export interface Complaint {
  complaint_no: string;
  conversation_id: string;
  cause: string;
  cause_title: string;
  grade: Grade;
  state: ComplaintState;
  text: string;
  owner_name: string | null;
  satisfaction: number | null;
  created_at: string;
  ended_at: string | null;
  clocks: ComplaintClock[];
  events: { kind: string; state: ComplaintState; actor: string; note: string | null; at: string }[];
}

export interface ComplaintReport {
  months: { month: string; causes: Record<string, number>; satisfaction: number | null }[];
  causes: { cause: string; title: string }[];
}

export interface Spread {
  count: number;
  median: number | null;
  p90: number | null;
}

export interface Numbers {
  conversations: number;
  solved_by_bot: number;
  handed_over: number;
  waits: Spread;
  first_replies: Spread;
  breaches: number;
  /** Each score as often as it was given. */
  scores: Record<string, number>;
  /** Conversations in which it was given. */
  by_score: Record<string, number>;
  satisfied: number;
  unsatisfied: number;
  reasons: Record<string, number>;
  topics: { topic: string; title: string; count: number }[];
  declined: number;
  declined_turns: number;
  share_solved: number | null;
  satisfaction: number | null;
  by_day: { day: string; conversations: number; solved_by_bot: number; handed_over: number; declined_turns: number }[];
  by_channel: Record<string, number>;
  load: { agent_id: string; name: string; tickets: number; hours: number; scores: number[] }[];
}

export type ListName = 'conversations' | 'solved_by_bot' | 'handed_over' | 'breaches' | 'declined' | 'unsatisfied' | 'satisfied' | 'scores' | 'waits' | 'first_replies';

export interface Case {
  conversation_id: string;
  channel: string;
  day: string;
  topics: string[];
  turns: number;
  declined: number;
  tickets: { ticket_id: string; reason: string; waited: number | null; is_breached: boolean }[];
  scores: number[];
}
