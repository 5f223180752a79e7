import { Button, Tag, Timeline } from 'antd';
import { useState } from 'react';
import { zh } from '../../locales/zh';
import { screensApi } from '../apiScreens';
import { useDesk } from '../deskContext';
import { Failed, Loading } from '../states';
import { hashOf } from '../useHashRoute';
import { useLoaded } from '../useLoaded';
import type { Complaint } from '../wireScreens';
import { ComplaintClocks, useTicked } from './ComplaintClocks';
import { OwnerDialog } from './OwnerDialog';
import { StepForm } from './StepForm';
import { timeAt } from '../serverClock';

const words = zh.desk.Complaints;

export function ComplaintDetail({ no, onBack, onChanged }: { no: string; onBack: () => void; onChanged: () => void }) {
  const { value, failure, reload, put } = useLoaded(no, () => screensApi.complaint(no));
  if (!value) return failure ? <Failed error={failure} onRetry={reload} /> : <Loading />;
  const changed = (complaint: Complaint) => {
    put(complaint);
    onChanged();
  };
  return <Detail complaint={value} onBack={onBack} onChanged={changed} />;
}

/** Who acted, as the record names them: the customer stands there by their conversation. */
function actorOf(actor: string): string {
  return actor.startsWith('conversation:') ? zh.desk.Transcript.customer : actor;
}

function Detail({ complaint, onBack, onChanged }: { complaint: Complaint; onBack: () => void; onChanged: (complaint: Complaint) => void }) {
  const { isSupervisor } = useDesk();
  const [isOwning, setOwning] = useState(false);
  const ticked = useTicked(complaint);
  return (
    <article className="desk-detail" data-testid="complaint-detail">
      <header className="desk-screen-head">
        <h2><Button className="desk-only-phone" type="text" aria-label={zh.desk.App.back} onClick={onBack}>‹</Button>{complaint.complaint_no}</h2>
        <span>
          <a href={hashOf({ screen: 'conversation', id: complaint.conversation_id })} data-testid="complaint-transcript">{words.transcript}</a>
          {isSupervisor && complaint.ended_at === null ? <Button size="small" onClick={() => setOwning(true)} data-testid="set-owner">{words.setOwner}</Button> : null}
        </span>
      </header>
      <p className="desk-detail-tags">
        <Tag color={complaint.grade === 'urgent' ? 'red' : 'default'}>{words.grades[complaint.grade]}</Tag>
        <Tag color="green" data-testid="complaint-state">{words.states[complaint.state]}</Tag>
        <Tag>{complaint.cause_title}</Tag>
        <Tag>{words.owner}：{complaint.owner_name ?? words.noOwner}</Tag>
        {complaint.satisfaction !== null ? <Tag color="blue">{words.satisfied(complaint.satisfaction)}</Tag> : null}
      </p>
      <p className="desk-ticket-standing desk-gap"><ComplaintClocks clocks={complaint.clocks} ticked={ticked} /></p>
      <p className="desk-summary">{complaint.text}</p>
      <StepForm key={`${complaint.state} ${complaint.events.length}`} complaint={complaint} onTaken={onChanged} />
      <h3>{words.history}</h3>
      <Timeline className="desk-gap-top" items={complaint.events.map((event, index) => ({
        key: index,
        children: <><b>{words.steps[event.kind] ?? event.kind}</b> · {actorOf(event.actor)} · {timeAt(event.at)}{event.note ? <p>{event.note}</p> : null}</>,
      }))} />
      {isOwning ? <OwnerDialog complaint={complaint} onDone={(next) => { setOwning(false); onChanged(next); }} onCancel={() => setOwning(false)} /> : null}
    </article>
  );
}
