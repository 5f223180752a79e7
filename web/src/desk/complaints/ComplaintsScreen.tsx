import { Button, Tag } from 'antd';
import { zh } from '../../locales/zh';
import { screensApi } from '../apiScreens';
import { useDesk } from '../deskContext';
import { Failed, Loading, Nothing } from '../states';
import { useLoaded } from '../useLoaded';
import type { Complaint } from '../wireScreens';
import { ComplaintClocks, useTicked } from './ComplaintClocks';
import { ComplaintDetail } from './ComplaintDetail';
import { timeAt } from '../serverClock';

const words = zh.desk.Complaints;

/** Open complaints, the most pressing first; or those of one month and cause, from the report. */
export default function ComplaintsScreen() {
  const { route, go } = useDesk();
  const { month, cause } = route.query;
  const only = { ...(month ? { month } : {}), ...(cause ? { cause } : {}) };
  const { value: complaints, failure, isLoading, reload } = useLoaded(`${month} ${cause}`, () => screensApi.complaints(only));
  const open = (no: string | null) => go({ screen: 'complaints', id: no, query: route.query });
  return (
    <div className={`desk-split ${route.id ? 'shows-detail' : 'shows-list'}`}>
      <section className="desk-split-list" aria-label={words.open}>
        <header className="desk-screen-head">
          <h2>{month ? words.filtered(zh.desk.Report.yearMonth(month), cause ? (words.causes[cause] ?? cause) : '') : zh.desk.App.screens.complaints}</h2>
          {month ? <Button size="small" onClick={() => go({ screen: 'complaints' })}>{words.clear}</Button> : null}
        </header>
        {failure && !complaints ? <Failed error={failure} onRetry={reload} /> : null}
        {isLoading && !complaints ? <Loading /> : null}
        {complaints?.length === 0 ? <Nothing text={month ? words.emptyFiltered : words.empty} /> : null}
        <ul className="desk-plain">
          {complaints?.map((one) => <li key={one.complaint_no}><Row complaint={one} isOpen={one.complaint_no === route.id} onOpen={() => open(one.complaint_no)} /></li>)}
        </ul>
      </section>
      <section className="desk-split-detail">
        {route.id ? <ComplaintDetail key={route.id} no={route.id} onBack={() => open(null)} onChanged={reload} /> : <Nothing text={words.choose} />}
      </section>
    </div>
  );
}

function Row({ complaint, isOpen, onOpen }: { complaint: Complaint; isOpen: boolean; onOpen: () => void }) {
  const ticked = useTicked(complaint);
  return (
    <button type="button" className={`desk-ticket${isOpen ? ' is-open' : ''}`} aria-current={isOpen} onClick={onOpen} data-testid="complaint">
      <span className="desk-ticket-head"><b>{complaint.cause_title}</b><span className="desk-waited">{timeAt(complaint.created_at)}</span></span>
      <span className="desk-ticket-last">{complaint.text}</span>
      <span className="desk-ticket-standing"><ComplaintClocks clocks={complaint.clocks.filter(({ state }) => state !== 'met' && state !== 'missed')} ticked={ticked} /></span>
      <span className="desk-ticket-tags">
        <Tag color={complaint.grade === 'urgent' ? 'red' : complaint.grade === 'complex' ? 'purple' : 'default'}>{words.grades[complaint.grade]}</Tag>
        <Tag>{words.states[complaint.state]}</Tag>
        <Tag>{complaint.owner_name ?? words.noOwner}</Tag>
      </span>
    </button>
  );
}
