import type { Outgoing, SendAck, WireError } from '../wire';

/** What the customer sent and where it stands. */
export interface OutboxEntry {
  outgoing: Outgoing;
  state:
    | 'waiting' //: not yet acknowledged; is sent when the connection stands
    | 'sent' //: the server has it; shown until its message comes back
    | 'failed'; //: refused or unanswered; the customer decides
  error: WireError | null;
  at: string;
}

export type Entries = readonly OutboxEntry[];

export function textOf(outgoing: Outgoing): string {
  return 'text' in outgoing ? outgoing.text : outgoing.title;
}

export function added(entries: Entries, outgoing: Outgoing, at: string): Entries {
  return [...entries, { outgoing, state: 'waiting', error: null, at }];
}

/** Back to the end of the line, under the same id: the server recognises it if it did arrive the first time. */
export function retried(entries: Entries, clientId: string): Entries {
  const entry = entries.find(({ outgoing }) => outgoing.client_id === clientId);
  if (!entry || entry.state !== 'failed') return entries;
  return [...discarded(entries, clientId), { ...entry, state: 'waiting', error: null }];
}

export function discarded(entries: Entries, clientId: string): Entries {
  return entries.filter(({ outgoing }) => outgoing.client_id !== clientId);
}

export function acknowledged(entries: Entries, clientId: string, ack: SendAck): Entries {
  return entries.map((entry) => {
    if (entry.outgoing.client_id !== clientId) return entry;
    return ack.ok ? { ...entry, state: 'sent' as const } : { ...entry, state: 'failed' as const, error: ack.error };
  });
}

/** Without what now stands in the conversation itself. */
export function settled(entries: Entries, arrived: ReadonlySet<string>): Entries {
  return entries.some(({ outgoing }) => arrived.has(outgoing.client_id))
    ? entries.filter(({ outgoing }) => !arrived.has(outgoing.client_id))
    : entries;
}

/** The one to send now: strictly in the order they were written. */
export function nextWaiting(entries: Entries): OutboxEntry | undefined {
  return entries.find(({ state }) => state === 'waiting');
}
