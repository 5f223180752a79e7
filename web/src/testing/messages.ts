import type { Message } from '../wire';

/** A message for tests. */
export function message(seq: number, part: Partial<Message> = {}): Message {
  return {
    seq,
    id: `m${seq}`,
    sender: 'bot',
    author_name: null,
    parts: [{ kind: 'text', text: `第${seq}句`, detail: null }],
    client_id: null,
    at: '2026-11-20T09:00:00+08:00',
    ...part,
  };
}
