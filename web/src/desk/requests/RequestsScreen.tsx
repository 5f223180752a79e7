import { Segmented, Tag } from 'antd';
import { deskKnowledge } from '../../locales/deskKnowledge';
import { zh } from '../../locales/zh';
import { knowledgeApi } from '../apiKnowledge';
import { ComplaintClocks, useTicked } from '../complaints/ComplaintClocks';
import { useDesk } from '../deskContext';
import { timeAt } from '../serverClock';
import { Failed, Loading, Nothing } from '../states';
import { hashOf } from '../useHashRoute';
import { useLoaded } from '../useLoaded';
import { useNow } from '../useNow';
import type { RequestLine } from '../wireKnowledge';
import { RequestDetail } from './RequestDetail';
import { promiseOf, shownIn, type Group } from './standing';

const words = deskKnowledge.Requests;
const GROUPS = Object.keys(words.states) as Group[];

/** What verified customers asked for, the next promised first. */
export default function RequestsScreen() {
  const { route, go } = useDesk();
  const group = GROUPS.find((name) => name === route.query.state) ?? 'submitted';
  const { value, failure, isLoading, reload } = useLoaded(group === 'ended' ? 'ended' : 'open', () => knowledgeApi.requests(group === 'ended' ? 'ended' : 'open'));
  const shown = value && shownIn(group, value);
  return (
    <div className={`desk-split ${route.id ? 'shows-detail' : 'shows-list'}`}>
      <section className="desk-split-list" aria-label={words.states[group]}>
        <header className="desk-screen-head"><h2>{zh.desk.App.screens.requests}</h2></header>
        <Segmented<Group> block className="desk-gap" value={group} onChange={(state) => go({ screen: 'requests', query: { state } })} data-testid="request-state"
          options={GROUPS.map((value) => ({ value, label: words.states[value] }))} />
        {failure && !value ? <Failed error={failure} onRetry={reload} /> : null}
        {isLoading && !value ? <Loading /> : null}
        {shown?.length === 0 ? <Nothing text={words.empty[group]} /> : null}
        <ul className="desk-plain">{shown?.map((one) => <li key={one.request_no}><Row request={one} isOpen={one.request_no === route.id} state={group} /></li>)}</ul>
      </section>
      <section className="desk-split-detail">
        {route.id ? <RequestDetail key={route.id} no={route.id} onBack={() => go({ screen: 'requests', query: route.query })} onChanged={reload} /> : <Nothing text={words.choose} />}
      </section>
    </div>
  );
}

function Row({ request, isOpen, state }: { request: RequestLine; isOpen: boolean; state: Group }) {
  return (
    <a className={`desk-ticket${isOpen ? ' is-open' : ''}`} aria-current={isOpen ? 'true' : undefined} data-testid="request"
      href={hashOf({ screen: 'requests', id: request.request_no, query: { state } })}>
      <span className="desk-ticket-head"><b>{request.kind_title}</b><span className="desk-waited">{timeAt(request.created_at)}</span></span>
      <span className="desk-ticket-last">{request.rows.slice(0, 3).map(({ label, value }) => `${label} ${value}`).join('，') || request.request_no}</span>
      <RequestDues request={request} />
      <span className="desk-ticket-tags">
        <Tag color={request.state === 'refused' ? 'red' : request.state === 'done' ? 'green' : 'default'}>{words.stateNames[request.state]}</Tag>
        {request.is_valued ? <Tag color="purple">{words.valued}</Tag> : null}
      </span>
    </a>
  );
}

/** The promise to the customer, and the bank's own clocks where it has some. */
export function RequestDues({ request }: { request: RequestLine }) {
  const now = useNow();
  const ticked = useTicked(request);
  const due = promiseOf(request, now);
  const running = request.clocks.filter(({ state }) => state !== 'met' && state !== 'missed');
  if (running.length > 0) return <span className="desk-ticket-standing"><ComplaintClocks clocks={running} ticked={ticked} /></span>;
  if (due === null) return null;
  return <span className="desk-ticket-standing"><span className={`desk-due ${due.look}`} data-testid="request-due">{words.promised} · {due.text}</span></span>;
}
