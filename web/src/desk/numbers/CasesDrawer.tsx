import { Drawer, Tag } from 'antd';
import { duration } from '../../clock';
import { zh } from '../../locales/zh';
import { screensApi, type Days } from '../apiScreens';
import { Failed, Loading, Nothing } from '../states';
import { hashOf } from '../useHashRoute';
import { useLoaded } from '../useLoaded';
import type { Case, ListName } from '../wireScreens';

const words = zh.desk.Numbers;

interface Props {
  list: ListName;
  only: { reason?: string; topic?: string; score?: string };
  days: Days;
  onClose: () => void;
}

/** The conversations that a number was counted from, each a way into its transcript. */
export function CasesDrawer({ list, only, days, onClose }: Props) {
  const key = JSON.stringify([list, only, days]);
  const { value: cases, failure, reload } = useLoaded(key, () => screensApi.cases(list, days, only));
  const name = [words[list], only.reason && (words.reasonNames[only.reason] ?? only.reason), only.topic && titleOf(only.topic), only.score && words.score(only.score)].filter(Boolean).join(' · ');
  return (
    <Drawer open onClose={onClose} title={cases ? words.cases(name, cases.length) : name} width={Math.min(480, window.innerWidth)} data-testid="cases">
      {!cases ? (failure ? <Failed error={failure} onRetry={reload} /> : <Loading />) : null}
      {cases?.length === 0 ? <Nothing text={words.noCases} /> : null}
      <ul className="desk-plain">
        {cases?.map((one) => <li key={`${one.conversation_id} ${one.day}`}><CaseRow one={one} /></li>)}
      </ul>
    </Drawer>
  );
}

function CaseRow({ one }: { one: Case }) {
  return (
    <a className="desk-ticket" href={hashOf({ screen: 'conversation', id: one.conversation_id })} data-testid="case">
      <span className="desk-ticket-head">
        <b>{one.topics.map(titleOf).slice(0, 3).join('、') || words.none}</b>
        <span className="desk-waited">{one.day}</span>
      </span>
      <span className="desk-ticket-tags">
        <Tag>{zh.desk.Transcript.channels[one.channel] ?? one.channel}</Tag>
        <Tag>{words.turns(one.turns)}</Tag>
        {one.tickets.map((ticket) => (
          <Tag key={ticket.ticket_id} color={ticket.is_breached ? 'red' : 'gold'}>
            {words.reasonNames[ticket.reason] ?? ticket.reason}{ticket.waited === null ? '' : ` · ${duration(ticket.waited)}`}{ticket.is_breached ? ` · ${words.breaches}` : ''}
          </Tag>
        ))}
        {one.scores.map((score, index) => <Tag key={index} color="blue">{words.score(String(score))}</Tag>)}
      </span>
    </a>
  );
}

function titleOf(topic: string): string {
  return zh.desk.topics[topic] ?? topic;
}
