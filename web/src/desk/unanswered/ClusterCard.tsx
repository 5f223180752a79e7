import { Button, Popconfirm, Select, Tag } from 'antd';
import { useState } from 'react';
import { deskKnowledge } from '../../locales/deskKnowledge';
import { zh } from '../../locales/zh';
import { knowledgeApi } from '../apiKnowledge';
import { useDesk } from '../deskContext';
import { timeAt } from '../serverClock';
import { hashOf } from '../useHashRoute';
import type { Cluster } from '../wireKnowledge';

const words = deskKnowledge.Unanswered;
const FEW = 3;

interface Props {
  cluster: Cluster;
  intents: readonly string[];
  onGone: () => void;
}

/** Words of like meaning: how often, since when, where they were said; taught or laid aside. */
export function ClusterCard({ cluster, intents, onGone }: Props) {
  const { onError, say } = useDesk();
  const [intent, setIntent] = useState(cluster.suggested_intent);
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const through = async (act: () => Promise<string>) => {
    setBusy(true);
    try {
      say(await act());
      onGone();
    } catch (error) {
      onError(error);
      setBusy(false);
    }
  };
  const aside = () => through(() => knowledgeApi.layAside(cluster.misses).then(() => words.laidAside));
  const teach = () =>
    through(async () => {
      const { taught, refused } = await knowledgeApi.teach(cluster.misses, intent);
      return [words.taught(taught.length, titleOf(intent)), ...(refused.length > 0 ? [words.left(refused.length)] : [])].join('；');
    });
  return (
    <article className="desk-card desk-cluster" data-testid="cluster">
      <header>
        <b>{cluster.texts[0]}</b>
        <span className="desk-waited">{words.count(cluster.count)} · {words.since(dayOf(cluster.since), dayOf(cluster.newest))}</span>
      </header>
      {isOpen ? <Examples cluster={cluster} /> : (
        <ul className="desk-plain">{cluster.texts.slice(1, FEW).map((text) => <li key={text} className="desk-soft">{text}</li>)}</ul>
      )}
      <p className="desk-ticket-tags">
        {Object.entries(cluster.why).map(([why, count]) => (count > 0 ? <Tag key={why}>{words.why[why] ?? why} {count}</Tag> : null))}
        <Button size="small" type="link" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} data-testid="cluster-open">{isOpen ? words.less : words.more(cluster.count)}</Button>
      </p>
      <footer>
        <label>
          <span>{words.topic}</span>
          <Select value={intent} onChange={setIntent} showSearch optionFilterProp="label" aria-label={words.topic} data-testid="cluster-intent"
            options={intents.map((value) => ({ value, label: labelOf(value, cluster) }))} />
        </label>
        <Button type="primary" loading={isBusy} onClick={() => void teach()} data-testid="cluster-teach">{words.teach}</Button>
        <Popconfirm title={words.asideTitle} description={words.asideText} okText={words.aside} cancelText={zh.desk.Actions.cancel}
          okButtonProps={{ 'data-testid': 'aside-confirm' }} onConfirm={() => void aside()}>
          <Button disabled={isBusy} data-testid="cluster-aside">{words.aside}</Button>
        </Popconfirm>
      </footer>
    </article>
  );
}

function Examples({ cluster }: { cluster: Cluster }) {
  return (
    <ul className="desk-plain desk-examples">
      {cluster.examples.map((example, index) => (
        <li key={index}>
          <span>{example.text}</span>
          <a href={hashOf({ screen: 'conversation', id: example.conversation_id })} data-testid="cluster-transcript">{timeAt(example.at)} {words.transcript}</a>
        </li>
      ))}
    </ul>
  );
}

function titleOf(intent: string): string {
  return zh.desk.topics[intent] ?? intent;
}

function labelOf(intent: string, { suggested_intent, suggested_by }: Cluster): string {
  return intent === suggested_intent ? `${titleOf(intent)}（${words.suggested[suggested_by]}）` : titleOf(intent);
}

/** `11月22日`, in China. */
function dayOf(iso: string): string {
  return new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', month: 'long', day: 'numeric' }).format(new Date(iso));
}
