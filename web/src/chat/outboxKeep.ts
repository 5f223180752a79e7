import type { Entries, OutboxEntry } from './outbox';
import type { Keep } from './storage';

const keyOf = (conversationId: string) => `fangxin.outbox.${conversationId}`;

/** What was still unsent in this conversation when the page was last open. */
export function loadEntries(keep: Keep, conversationId: string): Entries {
  const stored = keep.get(keyOf(conversationId));
  if (stored === null) return [];
  try {
    const entries: unknown = JSON.parse(stored);
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

export function saveEntries(keep: Keep, conversationId: string, entries: Entries): void {
  if (entries.length === 0) keep.remove(keyOf(conversationId));
  else keep.set(keyOf(conversationId), JSON.stringify(entries));
}

function isEntry(value: unknown): value is OutboxEntry {
  const entry = value as Partial<OutboxEntry> | null;
  return typeof entry?.outgoing?.client_id === 'string' && typeof entry.state === 'string';
}
