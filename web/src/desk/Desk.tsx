import { App as AntApp } from 'antd';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { zh } from '../locales/zh';
import { DeskError, wordsOf } from './api';
import { DeskContext, type DeskShared } from './deskContext';
import { usePromises } from './promises/usePromises';
import { QueueScreen } from './QueueScreen';
import { ShortcutsHelp } from './ShortcutsHelp';
import { Loading } from './states';
import { isHelpWanted, isMine, isOfferedTo, listed } from './ticketBook';
import { TopBar } from './TopBar';
import { useAlerts } from './useAlerts';
import { useDeskSocket } from './useDeskSocket';
import { useHashRoute, type Screen } from './useHashRoute';
import { useTickets } from './useTickets';
import { useTranscript } from './useTranscript';
import { useUnread } from './useUnread';
import { useWatch } from './useWatch';
import type { Agent, Ticket } from './wire';

const words = zh.desk.App;

// What an agent does not need at the start is loaded when it is opened.
const SCREENS: Partial<Record<Screen, React.ComponentType>> = {
  complaints: lazy(() => import('./complaints/ComplaintsScreen')),
  report: lazy(() => import('./complaints/ReportScreen')),
  numbers: lazy(() => import('./numbers/NumbersScreen')),
  people: lazy(() => import('./people/PeopleScreen')),
  replies: lazy(() => import('./replies/RepliesScreen')),
  requests: lazy(() => import('./requests/RequestsScreen')),
  knowledge: lazy(() => import('./knowledge/KnowledgeScreen')),
  unanswered: lazy(() => import('./unanswered/UnansweredScreen')),
};

/** The desk of somebody who is signed in: one line to the service, one set of tickets, and the screen that is open. */
export function Desk({ agent, onSignedOut }: { agent: Agent; onSignedOut: () => void }) {
  const { message, notification } = AntApp.useApp();
  const [route, go] = useHashRoute();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const onError = useCallback(
    (error: unknown) => {
      if (error instanceof DeskError && error.status === 401) onSignedOut();
      else void message.error(wordsOf(error));
    },
    [message, onSignedOut],
  );
  const line = useDeskSocket(onSignedOut);
  const desk = useTickets(line, route.view);
  const conversationId = openConversation(route.screen, route.id, desk.book);
  const open = useTranscript(line, conversationId);
  const mine = [...desk.book.values()].filter((ticket) => isMine(ticket, agent) || isOfferedTo(ticket, agent)).map((ticket) => ticket.conversation_id);
  useWatch(line, conversationId === null ? mine : [...mine, conversationId]);
  const unread = useUnread(line, conversationId);
  const promises = usePromises(line);
  const alerts = useAlerts({
    line, agent, openConversation: conversationId, mine: new Set(mine),
    onOpen: (id) => go({ screen: 'conversation', id }),
    onRing: (text, isBreach) => notification[isBreach ? 'error' : 'warning']({ message: text, placement: 'bottomRight', duration: 8 }),
  });

  const wanted = [...desk.book.values()].filter((ticket) => isHelpWanted(ticket, agent)).length;
  const count = listed(desk.book, 'waiting', agent).length + wanted + [...unread].filter(([id]) => mine.includes(id)).reduce((sum, [, more]) => sum + more, 0);
  useEffect(() => {
    document.title = count > 0 ? words.newTicket(count) : words.title;
  }, [count]);
  const failure = desk.failure ?? open.failure;
  useEffect(() => {
    if (failure instanceof DeskError && failure.status === 401) onSignedOut();
  }, [failure, onSignedOut]);

  const { put } = desk;
  const { reload } = open;
  const onChanged = useCallback(
    (ticket: Ticket) => {
      put(ticket);
      void reload();
      if (isMine(ticket, agent)) go({ screen: 'queue', view: 'mine', id: ticket.id });
    },
    [put, reload, agent, go],
  );
  const say = useCallback((text: string) => void message.success(text), [message]);
  const shared = useMemo<DeskShared>(
    () => ({ agent, isSupervisor: agent.role !== 'agent', line, desk, unread, open, promises, route, go, onError, say, onChanged }),
    [agent, line, desk, unread, open, promises, route, go, onError, say, onChanged],
  );
  const Other = SCREENS[route.screen];
  return (
    <DeskContext.Provider value={shared}>
      <div className="desk">
        <TopBar alerts={alerts} onSignedOut={onSignedOut} onHelp={() => setHelpOpen(true)} />
        <Suspense fallback={<Loading />}>
          {Other ? <main className="desk-screen"><Other /></main> : <QueueScreen conversationId={conversationId} />}
        </Suspense>
        <ShortcutsHelp isOpen={isHelpOpen} onToggle={setHelpOpen} />
      </div>
    </DeskContext.Provider>
  );
}

/** The conversation of the open ticket, or the one that the address names. */
function openConversation(screen: Screen, id: string | null, book: ReadonlyMap<string, Ticket>): string | null {
  if (id === null) return null;
  if (screen === 'conversation') return id;
  return screen === 'queue' ? (book.get(id)?.conversation_id ?? null) : null;
}
