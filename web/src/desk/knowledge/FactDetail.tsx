import { Button, Descriptions, Tag } from 'antd';
import { useState } from 'react';
import { deskKnowledge } from '../../locales/deskKnowledge';
import { zh } from '../../locales/zh';
import { knowledgeApi } from '../apiKnowledge';
import { useDesk } from '../deskContext';
import { Failed, Loading } from '../states';
import { useLoaded } from '../useLoaded';
import type { FactPage } from '../wireKnowledge';
import { Changes } from './Changes';
import { FactForm } from './FactForm';
import { FactTags } from './rows';
import { useListChanged } from './useListChanged';

const words = deskKnowledge.Knowledge;

/** One fact: what holds now, what held before, who changed it, and another value. */
export function FactDetail({ factKey, region }: { factKey: string; region: string }) {
  const { go } = useDesk();
  const [isChanging, setChanging] = useState(false);
  const listChanged = useListChanged();
  const { value: fact, failure, reload, put } = useLoaded(`${factKey} ${region}`, () => knowledgeApi.fact(factKey, region));
  if (!fact) return failure ? <Failed error={failure} onRetry={reload} /> : <Loading />;
  const saved = (page: FactPage) => {
    put(page);
    setChanging(false);
    listChanged();
  };
  return (
    <article className="desk-detail" data-testid="fact-detail">
      <header className="desk-screen-head">
        <h2>
          <Button className="desk-only-phone" type="text" aria-label={zh.desk.App.back} onClick={() => go({ screen: 'knowledge', query: { tab: 'facts' } })}>‹</Button>
          {fact.title}
        </h2>
        {isChanging ? null : <Button type="primary" onClick={() => setChanging(true)} data-testid="change-fact">{words.change}</Button>}
      </header>
      <FactTags fact={fact} />
      <Descriptions className="desk-gap-top" size="small" bordered column={{ xs: 1, sm: 1, md: 2, lg: 2, xl: 2, xxl: 2 }} items={[
        { key: 'value', label: words.value, children: <b data-testid="fact-value">{fact.holds_today ? fact.value : words.notNow}</b> },
        { key: 'since', label: words.since, children: <>{fact.effective_from} {fact.effective_to ? words.until(fact.effective_to) : ''}</> },
        { key: 'status', label: words.status, children: words.statuses[fact.status] },
        { key: 'verified', label: words.verified, children: fact.verified_on },
        { key: 'review', label: words.reviewBy, children: fact.review_by ?? '—' },
        { key: 'key', label: words.key, children: <code>{fact.key}</code> },
        { key: 'source', label: words.source, span: 'filled', children: <span className="desk-break">{fact.source}</span> },
      ]} />
      {isChanging ? <FactForm fact={fact} onSaved={saved} onCancel={() => setChanging(false)} /> : null}
      <h3 className="desk-gap-top">{words.values}</h3>
      <ul className="desk-plain desk-values">
        {fact.values.map((one) => (
          <li key={`${one.effective_from} ${one.value}`}>
            <b>{one.value}</b>
            <span>{words.holdsFrom(one.effective_from)}{one.effective_to ? ` ${words.until(one.effective_to)}` : ''}</span>
            {one.holds_today ? <Tag color="green">{words.now}</Tag> : null}
          </li>
        ))}
      </ul>
      <Changes changes={fact.changes} onTakenBack={() => { reload(); listChanged(); }} />
    </article>
  );
}
