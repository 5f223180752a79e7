import { Tag } from 'antd';
import { deskKnowledge } from '../../locales/deskKnowledge';
import { zh } from '../../locales/zh';
import { hashOf } from '../useHashRoute';
import type { AnswerLine, FactLine } from '../wireKnowledge';

const words = deskKnowledge.Knowledge;

export function FactRow({ fact, isOpen }: { fact: FactLine; isOpen: boolean }) {
  return (
    <a className={`desk-ticket${isOpen ? ' is-open' : ''}`} aria-current={isOpen ? 'true' : undefined} data-testid="fact"
      href={hashOf({ screen: 'knowledge', id: fact.key, query: { tab: 'facts', region: fact.region } })}>
      <span className="desk-ticket-head"><b>{fact.title}</b>{fact.region === 'CN' ? null : <span className="desk-waited">{words.region(fact.region)}</span>}</span>
      <span className="desk-fact-value">{fact.holds_today ? fact.value : words.notNow}</span>
      <FactTags fact={fact} />
    </a>
  );
}

/** What needs somebody's eye; nothing where all is well. */
export function FactTags({ fact }: { fact: FactLine }) {
  if (!fact.is_overdue && fact.status !== 'U' && fact.coming === null) return null;
  return (
    <span className="desk-ticket-tags">
      {fact.is_overdue ? <Tag color="red">{words.overdue}</Tag> : null}
      {fact.status === 'U' ? <Tag color="orange">{words.unverified}</Tag> : null}
      {fact.coming ? <Tag color="gold">{words.coming(fact.coming.value, fact.coming.effective_from)}</Tag> : null}
    </span>
  );
}

export function AnswerRow({ answer, isOpen }: { answer: AnswerLine; isOpen: boolean }) {
  return (
    <a className={`desk-ticket${isOpen ? ' is-open' : ''}`} aria-current={isOpen ? 'true' : undefined} data-testid="answer"
      href={hashOf({ screen: 'knowledge', id: answer.name, query: { tab: 'answers' } })}>
      <span className="desk-ticket-head"><b>{answer.title}</b></span>
      <span className="desk-ticket-last">{answer.questions[0]}</span>
      <span className="desk-ticket-tags">
        <Tag>{zh.desk.topics[answer.topic] ?? answer.topic}</Tag>
        {answer.is_default ? <Tag color="green">{words.isDefault}</Tag> : null}
        {answer.is_changed ? <Tag color="gold">{words.isChanged}</Tag> : null}
        {answer.is_overdue ? <Tag color="red">{words.overdue}</Tag> : null}
      </span>
    </a>
  );
}
