import { useCallback, useSyncExternalStore } from 'react';
import type { TicketView } from './wire';

const VIEWS: readonly TicketView[] = ['waiting', 'mine', 'all', 'closed'];
const SCREENS = ['conversation', 'complaints', 'report', 'numbers', 'people', 'replies', 'requests', 'knowledge', 'unanswered'] as const;

export type Screen = 'queue' | (typeof SCREENS)[number];

/**
 * `#/queue/mine/<ticket id>`, `#/conversation/<id>`, `#/complaints/<number>?month=…&cause=…`, `#/numbers`.
 *
 * Without `queue` in front a view is understood too: such addresses are in people's bookmarks.
 */
export interface Route {
  screen: Screen;
  view: TicketView;
  id: string | null;
  query: Record<string, string>;
}

export function parseHash(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const words = path.split('/').map(decode);
  const screen = SCREENS.find((name) => name === words[0]);
  const fields = Object.fromEntries(new URLSearchParams(query));
  if (screen) return { screen, view: 'waiting', id: words[1] || null, query: fields };
  const [view, id] = words[0] === 'queue' ? words.slice(1) : words;
  return { screen: 'queue', view: VIEWS.find((name) => name === view) ?? 'waiting', id: id || null, query: fields };
}

export function hashOf({ screen, view, id, query }: Partial<Route> & Pick<Route, 'screen'>): string {
  const path = [screen, ...(screen === 'queue' ? [view ?? 'waiting'] : []), ...(id ? [encodeURIComponent(id)] : [])].join('/');
  const fields = new URLSearchParams(query).toString();
  return `#/${path}${fields ? `?${fields}` : ''}`;
}

/** A broken address is an unknown one. */
function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return '';
  }
}

const subscribe = (listener: () => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

export type Go = (to: Partial<Route> & Pick<Route, 'screen'>) => void;

export function useHashRoute(): [Route, Go] {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  const go = useCallback<Go>((to) => {
    window.location.hash = hashOf(to);
  }, []);
  return [parseHash(hash), go];
}
