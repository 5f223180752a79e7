import type { Session, WireError } from '../wire';
import type { Keep } from './storage';

const KEY = 'fangxin.session';

/** Where the session lives between visits: on the host page when embedded, here when the page stands alone. */
export interface SessionKeeper {
  load(): Promise<Session | null>;
  save(session: Session): void;
  /** The bank's signed word for who the visitor is; absent where nobody could give it. */
  identity?(): Promise<string | null>;
}

export function ownKeeper(keep: Keep): SessionKeeper {
  return {
    load: () => Promise.resolve(parseSession(keep.get(KEY))),
    save: (session) => keep.set(KEY, JSON.stringify(session)),
  };
}

export function parseSession(stored: string | null): Session | null {
  if (stored === null) return null;
  try {
    return asSession(JSON.parse(stored));
  } catch {
    return null;
  }
}

export function asSession(value: unknown): Session | null {
  const session = value as Partial<Session> | null;
  return typeof session?.token === 'string' && typeof session.conversation_id === 'string'
    ? { token: session.token, conversation_id: session.conversation_id }
    : null;
}

/** The bank's word for who the visitor is does not hold; the message is the service's, fit to show. */
export class IdentityRefused extends Error {}

/** A new conversation, or the customer's own if signed in. Throws when it cannot be had: `IdentityRefused` if not believed. */
export async function openSession(identity?: string): Promise<Session> {
  const response = await fetch('/channels/web/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ identity }),
  });
  if (identity !== undefined && response.status === 401) throw new IdentityRefused(await wordsOf(response));
  const session = response.ok ? asSession(await response.json()) : null;
  if (session === null) throw new Error(`session refused: ${response.status}`);
  return session;
}

async function wordsOf(response: Response): Promise<string> {
  const answer = (await response.json().catch(() => null)) as { error?: Partial<WireError> } | null;
  return answer?.error?.message ?? '';
}
