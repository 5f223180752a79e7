import type { FromFrame, FromHost } from '../widget/protocol';
import type { Session } from '../wire';
import { asSession, type SessionKeeper } from './session';

export interface HostBridge {
  keeper: SessionKeeper;
  /** How the visitor wanted the chat on an earlier visit, as it was kept. */
  wishes(): Promise<string | null>;
  keepWishes(wishes: string): void;
  reportUnread(count: number): void;
  close(): void;
  onVisible(listener: (visible: boolean) => void): () => void;
}

/** Longer than the loader waits for the bank's word. */
const GREETING_MS = 6000;

interface Greeting {
  session: Session | null;
  wishes: string | null;
  identity: string | null;
}

/** The origin of the page that holds our iframe, or null when the chat stands alone. */
export function hostOrigin(page: Window): string | null {
  if (page.parent === page) return null;
  const named = new URLSearchParams(page.location.search).get('host');
  try {
    return named === null ? null : new URL(named).origin;
  } catch {
    return null;
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : null);

/**
 * Speaks with the loader. A named origin that is not the real one only means that the browser delivers nothing:
 * every message is addressed to it, and one that comes from elsewhere is dropped.
 */
export function connectHost(page: Window, origin: string): HostBridge {
  const listeners = new Set<(visible: boolean) => void>();
  let greet: (hello: Greeting) => void = () => undefined;
  const greeting = new Promise<Greeting>((resolve) => {
    greet = resolve;
  });
  // A page that holds us without the loader never greets; the chat then goes on by itself.
  setTimeout(() => greet({ session: null, wishes: null, identity: null }), GREETING_MS);
  const tell = (message: FromFrame) => page.parent.postMessage(message, origin);

  page.addEventListener('message', (event: MessageEvent<FromHost | null>) => {
    if (event.source !== page.parent || event.origin !== origin) return;
    const message = event.data;
    if (message?.fangxin === 'hello') {
      greet({ session: asSession(message.session), wishes: textOf(message.wishes), identity: textOf(message.identity) });
    }
    if (message?.fangxin === 'visible') listeners.forEach((listener) => listener(message.visible));
  });

  return {
    keeper: {
      load: () => {
        tell({ fangxin: 'ready' });
        return greeting.then(({ session }) => session);
      },
      identity: () => greeting.then(({ identity }) => identity),
      save: (session) => tell({ fangxin: 'session', session }),
    },
    wishes: () => greeting.then(({ wishes }) => wishes),
    keepWishes: (wishes) => tell({ fangxin: 'wishes', wishes }),
    reportUnread: (count) => tell({ fangxin: 'unread', count }),
    close: () => tell({ fangxin: 'close' }),
    onVisible: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
