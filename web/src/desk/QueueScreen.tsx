import { Drawer } from 'antd';
import { useState } from 'react';
import { zh } from '../locales/zh';
import { ConversationPane } from './ConversationPane';
import { useDesk } from './deskContext';
import { SidePanel } from './panel/SidePanel';
import { listed } from './ticketBook';
import { TicketList, VIEWS } from './TicketList';
import { useShortcuts } from './useShortcuts';
import type { Ticket } from './wire';

/** The list, the conversation and the customer; on a phone one of them at a time. */
export function QueueScreen({ conversationId }: { conversationId: string | null }) {
  const { agent, desk, open, route, go } = useDesk();
  const [isPanelOpen, setPanelOpen] = useState(false);
  const ticket = ticketOf(conversationId, route.screen === 'queue' ? route.id : null, desk.book, open.transcript?.tickets ?? []);
  const tickets = listed(desk.book, route.view, agent);

  const step = (by: number) => {
    const at = tickets.findIndex(({ id }) => id === route.id);
    const next = tickets[at < 0 ? 0 : Math.min(tickets.length - 1, Math.max(0, at + by))];
    if (!next) return;
    desk.look(next.id);
    go({ screen: 'queue', view: route.view, id: next.id });
  };
  const view = (index: number) => go({ screen: 'queue', view: VIEWS[index] ?? 'waiting', id: route.screen === 'queue' ? route.id : null });
  useShortcuts({ KeyJ: () => step(1), KeyK: () => step(-1), Digit1: () => view(0), Digit2: () => view(1), Digit3: () => view(2), Digit4: () => view(3) });

  return (
    <main className={`desk-columns ${conversationId === null ? 'shows-list' : 'shows-conversation'}`}>
      <TicketList openId={ticket?.id ?? null} />
      <ConversationPane conversationId={conversationId} ticket={ticket} onPanel={() => setPanelOpen(true)} onBack={() => go({ screen: 'queue', view: route.view })} />
      <div className="desk-side"><SidePanel key={conversationId} conversationId={conversationId} ticket={ticket} /></div>
      <Drawer open={isPanelOpen && conversationId !== null} onClose={() => setPanelOpen(false)} title={zh.desk.Panel.title} width={Math.min(380, window.innerWidth)} className="desk-panel-drawer">
        {isPanelOpen ? <SidePanel key={conversationId} conversationId={conversationId} ticket={ticket} /> : null}
      </Drawer>
    </main>
  );
}

/** The one that was chosen; else the conversation's open one; else its last. */
function ticketOf(conversationId: string | null, chosen: string | null, book: ReadonlyMap<string, Ticket>, own: readonly Ticket[]): Ticket | null {
  if (conversationId === null) return null;
  if (chosen !== null) return book.get(chosen) ?? null;
  const known = own.map((ticket) => book.get(ticket.id) ?? ticket);
  const live = [...book.values()].filter((ticket) => ticket.conversation_id === conversationId && ticket.status !== 'closed');
  return live[0] ?? known.find(({ status }) => status !== 'closed') ?? known.at(-1) ?? null;
}
