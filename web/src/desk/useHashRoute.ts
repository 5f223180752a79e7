import { useCallback, useSyncExternalStore } from 'react';
import type { TicketView } from './wire';

const VIEWS: readonly TicketView[] = ['waiting', 'mine', 'all', 'closed'];

/** `#/waiting`, or `#/mine/<ticket id>` with a ticket open. */
export interface Route {
  view: TicketView;
  ticketId: string | null;
}

export function parseHash(hash: string): Route {
  const [view, ticketId] = hash.replace(/^#\/?/, '').split('/');
  const known = VIEWS.find((name) => name === view) ?? 'waiting';
  return { view: known, ticketId: ticketId ? decodeURIComponent(ticketId) : null };
}

const subscribe = (listener: () => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

export function useHashRoute(): [Route, (to: Route) => void] {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  const go = useCallback((to: Route) => {
    window.location.hash = to.ticketId ? `/${to.view}/${encodeURIComponent(to.ticketId)}` : `/${to.view}`;
  }, []);
  return [parseHash(hash), go];
}
