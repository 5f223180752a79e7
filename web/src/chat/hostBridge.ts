import type { FromFrame, FromHost } from '../widget/protocol';
import type { Session } from '../wire';
import { asSession, type SessionKeeper } from './session';

export interface HostBridge {
  keeper: SessionKeeper;
  reportUnread(count: number): void;
  close(): void;
  onVisible(listener: (visible: boolean) => void): () => void;
}

interface Greeting {
  session: Session | null;
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
  const tell = (message: FromFrame) => page.parent.postMessage(message, origin);

  page.addEventListener('message', (event: MessageEvent<FromHost | null>) => {
    if (event.source !== page.parent || event.origin !== origin) return;
    const message = event.data;
    if (message?.fangxin === 'hello') {
      greet({ session: asSession(message.session), identity: typeof message.identity === 'string' ? message.identity : null });
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
    reportUnread: (count) => tell({ fangxin: 'unread', count }),
    close: () => tell({ fangxin: 'close' }),
    onVisible: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
