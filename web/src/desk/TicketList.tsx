import { Badge, Tabs } from 'antd';
import { zh } from '../locales/zh';
import { useDesk } from './deskContext';
import { QueuePromises } from './promises/QueuePromises';
import { Failed, Loading, Nothing } from './states';
import { isHelpWanted, listed } from './ticketBook';
import { TicketItem } from './TicketItem';
import { useNow } from './useNow';
import type { TicketView } from './wire';

const words = zh.desk.TicketList;
export const VIEWS: readonly TicketView[] = ['waiting', 'mine', 'all', 'closed'];

export function TicketList({ openId }: { openId: string | null }) {
  const { desk, agent, route, go, unread } = useDesk();
  const now = useNow();
  const { view } = route;
  const tickets = listed(desk.book, view, agent);
  const count = (of: TicketView) =>
    of === 'all' ? [...desk.book.values()].filter((ticket) => isHelpWanted(ticket, agent)).length : listed(desk.book, of, agent).length;
  const items = VIEWS.map((key) => ({
    key,
    label: key !== 'closed' ? (
      <Badge count={count(key)} size="small" offset={[9, 0]} color={key === 'mine' ? '#0f6b5c' : '#b3261e'}>{words.views[key]}</Badge>
    ) : words.views[key],
  }));
  return (
    <section className="desk-tickets" aria-label={words.label}>
      <Tabs activeKey={view} onChange={(key) => go({ screen: 'queue', view: key as TicketView, id: openId })} items={items} tabBarGutter={28} />
      <div className="desk-ticket-scroll">
        <QueuePromises />
        {desk.failure && !desk.isLoaded ? <Failed error={desk.failure} onRetry={desk.reload} /> : null}
        {!desk.isLoaded && !desk.failure ? <Loading /> : null}
        {desk.isLoaded && tickets.length === 0 ? <Nothing text={words.empty[view]} hint={words.emptyHint[view]} /> : null}
        <ul className="desk-ticket-list">
          {tickets.map((ticket) => (
            <li key={ticket.id}>
              <TicketItem ticket={ticket} agent={agent} now={now} isFresh={desk.fresh.has(ticket.id)} isWarned={desk.warned.has(ticket.id)}
                isOpen={ticket.id === openId} unread={unread.get(ticket.conversation_id) ?? 0}
                onOpen={() => {
                  desk.look(ticket.id);
                  go({ screen: 'queue', view, id: ticket.id });
                }} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
