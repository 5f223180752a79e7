import type { Message } from '../wire';

/** What is known of a conversation's log. Values are replaced, never changed. */
export interface MessageLog {
  /** In the order of `seq`, each once. */
  messages: readonly Message[];
  /** Everything up to here has been seen; a reconnect asks for what came after it. */
  seenThrough: number;
}

export const EMPTY_LOG: MessageLog = { messages: [], seenThrough: 0 };

/** The log with these messages in it: known ones are dropped, the order is the server's. */
function merged(known: readonly Message[], arrived: readonly Message[]): readonly Message[] {
  const bySeq = new Map(known.map((message) => [message.seq, message]));
  const fresh = arrived.filter((message) => !bySeq.has(message.seq));
  if (fresh.length === 0) return known;
  for (const message of fresh) bySeq.set(message.seq, message);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** A whole stretch of the log, as the server gives it on connecting: nothing is missing before its end. */
export function withHistory(log: MessageLog, messages: readonly Message[]): MessageLog {
  const end = messages.reduce((highest, message) => Math.max(highest, message.seq), log.seenThrough);
  return { messages: merged(log.messages, messages), seenThrough: end };
}

/** One message on its own. It moves `seenThrough` only when it is the very next one. */
export function withMessage(log: MessageLog, message: Message): MessageLog {
  const isNext = message.seq === log.seenThrough + 1;
  return {
    messages: merged(log.messages, [message]),
    seenThrough: isNext ? message.seq : log.seenThrough,
  };
}

/** Whether a message before this one has not arrived. */
export function leavesGap(log: MessageLog, message: Message): boolean {
  return message.seq > log.seenThrough + 1;
}
