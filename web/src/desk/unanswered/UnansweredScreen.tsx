import { Segmented } from 'antd';
import { useState } from 'react';
import { deskKnowledge } from '../../locales/deskKnowledge';
import { knowledgeApi } from '../apiKnowledge';
import { Failed, Loading, Nothing } from '../states';
import { useLoaded } from '../useLoaded';
import { ClusterCard } from './ClusterCard';

const words = deskKnowledge.Unanswered;
const PERIODS = [7, 30, 90] as const;

/** What the bot could not answer, words of like meaning together. */
export default function UnansweredScreen() {
  const [days, setDays] = useState<number>(30);
  const { value, failure, isLoading, reload, put } = useLoaded(`unanswered ${days}`, () => knowledgeApi.unanswered(days));
  const gone = (id: string) => value && put({ ...value, clusters: value.clusters.filter((cluster) => cluster.id !== id) });
  return (
    <div className="desk-page is-narrow">
      <header className="desk-screen-head">
        <h2>{words.title}</h2>
        <Segmented<number> value={days} onChange={setDays} aria-label={words.period}
          options={PERIODS.map((value) => ({ value, label: words.periods[value] }))} />
      </header>
      <p className="desk-soft desk-gap">{words.intro}</p>
      {failure && !value ? <Failed error={failure} onRetry={reload} /> : null}
      {isLoading && !value ? <><Loading /><p className="desk-soft desk-centred">{words.loading}</p></> : null}
      {value?.clusters.length === 0 ? <Nothing text={words.empty} hint={words.emptyHint} /> : null}
      <ul className="desk-plain">
        {value?.clusters.map((cluster) => (
          <li key={cluster.id}><ClusterCard cluster={cluster} intents={value.intents} onGone={() => gone(cluster.id)} /></li>
        ))}
      </ul>
    </div>
  );
}
