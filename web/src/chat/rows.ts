import type { Message } from '../wire';
import { textOf, type Entries, type OutboxEntry } from './outbox';

/** What stands in the list: a message of the log, or one of ours on its way there. */
export type ListRow =
  | { kind: 'message'; key: string; message: Message; isPast: boolean; isAnswer: boolean; showsTime: boolean }
  | { kind: 'outgoing'; key: string; entry: OutboxEntry; text: string };

const PAUSE_MS = 5 * 60 * 1000;

/** The log and then the outbox. Buttons are past once anything but a system line came after them. */
export function listRows(messages: readonly Message[], entries: Entries): ListRow[] {
  let latest = messages.length - 1;
  while (latest >= 0 && messages[latest]?.sender === 'system') latest -= 1;
  const isAnswered = entries.some(({ state }) => state !== 'failed');
  const rows: ListRow[] = messages.map((message, index) => ({
    kind: 'message',
    key: message.client_id ?? message.id,
    message,
    isPast: index < latest || isAnswered,
    isAnswer: isAnswer(message) && messages[index + 1]?.sender !== 'bot',
    showsTime: index === 0 || timeBetween(messages[index - 1], message) > PAUSE_MS,
  }));
  for (const entry of entries) {
    rows.push({ kind: 'outgoing', key: entry.outgoing.client_id, entry, text: textOf(entry.outgoing) });
  }
  return rows;
}

/** Whether an opinion on it makes sense: more than buttons, and from the bot; asked for once, under the last of a turn. */
function isAnswer({ sender, parts }: Message): boolean {
  return sender === 'bot' && parts.some(({ kind }) => kind !== 'quick_replies' && kind !== 'handoff');
}

function timeBetween(earlier: Message | undefined, later: Message): number {
  return earlier ? Date.parse(later.at) - Date.parse(earlier.at) : 0;
}
