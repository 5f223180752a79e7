import { App as AntApp, Button } from 'antd';
import { useCallback, useEffect } from 'react';
import { zh } from '../locales/zh';
import { DeskError, deskApi, wordsOf } from './api';
import { ConversationPane } from './ConversationPane';
import { Facts } from './Facts';
import { TicketList } from './TicketList';
import { listed } from './ticketBook';
import { useDeskSocket } from './useDeskSocket';
import { useHashRoute } from './useHashRoute';
import { useTickets } from './useTickets';
import { useTranscript } from './useTranscript';
import type { Agent, Ticket, TicketView } from './wire';

const words = zh.desk.App;

/** The agent's three columns. */
export function Desk({ agent, onSignedOut }: { agent: Agent; onSignedOut: () => void }) {
  const { message } = AntApp.useApp();
  const [route, go] = useHashRoute();
  const onError = useCallback(
    (error: unknown) => {
      if (error instanceof DeskError && error.status === 401) onSignedOut();
      else void message.error(wordsOf(error));
    },
    [message, onSignedOut],
  );
  const line = useDeskSocket(onSignedOut);
  const desk = useTickets(line, route.view, onError);
  const ticket = route.ticketId === null ? null : (desk.book.get(route.ticketId) ?? null);
  const { transcript, add, reload } = useTranscript(line, ticket?.conversation_id ?? null, onError);
  const waiting = listed(desk.book, 'waiting', agent).length;

  useEffect(() => {
    document.title = waiting > 0 ? `${words.newTicket(waiting)} · ${words.title}` : words.title;
  }, [waiting]);

  const changed = (next: Ticket) => {
    desk.put(next);
    void reload();
    if (next.status === 'active') go({ view: 'mine', ticketId: next.id });
  };
  const refused = (error: unknown) => {
    onError(error);
    // Somebody else was quicker, or the ticket is no longer ours: show how it stands.
    if (error instanceof DeskError && error.status === 409) {
      deskApi.tickets('all').then((tickets) => tickets.forEach(desk.put), onError);
      void reload();
    }
  };
  const open = (chosen: Ticket) => {
    desk.look(chosen.id);
    go({ view: route.view, ticketId: chosen.id });
  };
  const signOut = () => deskApi.logout().then(onSignedOut, onError);

  return (
    <div className="desk">
      <header className="desk-top">
        <b>{words.title}</b>
        {line?.isOnline === false && line.generation > 0 ? <span className="desk-offline" role="status">{words.offline}</span> : null}
        <span className="desk-agent">{agent.display_name}</span>
        <Button size="small" onClick={() => void signOut()}>{words.signOut}</Button>
      </header>
      <main className="desk-columns">
        <TicketList desk={desk} agent={agent} view={route.view} openId={route.ticketId} onOpen={open}
          onView={(view: TicketView) => go({ view, ticketId: route.ticketId })} />
        <ConversationPane ticket={ticket} transcript={transcript} agent={agent} onChanged={changed} onSent={add} onError={refused}
          onNothing={() => void message.info(zh.desk.Actions.suggestNone)} />
        <Facts ticket={ticket} />
      </main>
    </div>
  );
}
