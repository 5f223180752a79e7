import type { Agent, Ticket } from '../desk/wire';

export const AGENT: Agent = { id: 'a1', name: 'xiaolin', display_name: '林晓', role: 'agent', skills: ['after_loan'], capacity: 5 };

/** A waiting ticket that came at 09:0<id>; `part` says what is special about it. */
export function ticket(id: string, part: Partial<Ticket> = {}): Ticket {
  return {
    id, conversation_id: `c-${id}`, channel: 'web', reason: 'asked', reason_label: '客户要求人工', skill: 'after_loan', skill_label: '贷后服务',
    priority: 'normal', summary: '', status: 'waiting', outcome: null, note: null, agent_id: null, agent_name: null, language: 'zh',
    is_returned: false, offer_expires_at: null, first_replied_at: null, hold_until: null, hold_reason: null, resolution: null, tags: [],
    created_at: `2026-11-20T09:0${id}:00Z`, claimed_at: null, closed_at: null, waiting_seconds: 10, first_reply_due_at: null, last_message: '',
    ...part,
  };
}
