import { Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import { deskKnowledge } from '../../locales/deskKnowledge';
import { zh } from '../../locales/zh';
import { knowledgeApi } from '../apiKnowledge';
import { useDesk } from '../deskContext';
import { Failed, Loading, Nothing } from '../states';
import { useLoaded } from '../useLoaded';
import { AnswerDetail } from './AnswerDetail';
import { FactDetail } from './FactDetail';
import { AnswerRow, FactRow } from './rows';
import { answersFound, factsFound, type Only } from './search';

const words = deskKnowledge.Knowledge;

type Tab = keyof typeof words.tabs;

/** What the bot tells: figures that hold for a while, and the answers that use them. */
export default function KnowledgeScreen() {
  const { route, go } = useDesk();
  const tab: Tab = route.query.tab === 'answers' ? 'answers' : 'facts';
  return (
    <div className={`desk-split is-wide ${route.id ? 'shows-detail' : 'shows-list'}`}>
      <section className="desk-split-list" aria-label={words.tabs[tab]}>
        <header className="desk-screen-head">
          <h2>{zh.desk.App.screens.knowledge}</h2>
          <Segmented<Tab> value={tab} onChange={(next) => go({ screen: 'knowledge', query: { tab: next } })} data-testid="knowledge-tab"
            options={Object.entries(words.tabs).map(([value, label]) => ({ value: value as Tab, label }))} />
        </header>
        {tab === 'facts' ? <FactList /> : <AnswerList />}
      </section>
      <section className="desk-split-detail">{route.id === null ? <Nothing text={tab === 'facts' ? words.chooseFact : words.chooseAnswer} /> : null}
        {route.id !== null && tab === 'facts' ? <FactDetail key={`${route.id} ${route.query.region}`} factKey={route.id} region={route.query.region ?? 'CN'} /> : null}
        {route.id !== null && tab === 'answers' ? <AnswerDetail key={route.id} name={route.id} /> : null}
      </section>
    </div>
  );
}

function FactList() {
  const { route } = useDesk();
  const [search, setSearch] = useState('');
  const [only, setOnly] = useState<Only>('all');
  const { value, failure, reload } = useLoaded(`facts ${route.query.at}`, knowledgeApi.facts);
  if (!value) return failure ? <Failed error={failure} onRetry={reload} /> : <Loading />;
  const found = factsFound(value.facts, search.trim(), only);
  return (
    <>
      <Search search={search} onSearch={setSearch} hint={words.search} only={only} onOnly={setOnly} choices={['all', 'overdue', 'unverified', 'coming']} />
      <p className="desk-soft" aria-live="polite">{words.count(found.length, value.facts.length)}</p>
      {found.length === 0 ? <Nothing text={search ? words.none : words.noneOf[only]} /> : null}
      <ul className="desk-plain">
        {found.map((fact) => (
          <li key={`${fact.key} ${fact.region}`}><FactRow fact={fact} isOpen={fact.key === route.id && fact.region === (route.query.region ?? 'CN')} /></li>
        ))}
      </ul>
    </>
  );
}

function AnswerList() {
  const { route } = useDesk();
  const [search, setSearch] = useState('');
  const [only, setOnly] = useState<Only>('all');
  const [topic, setTopic] = useState<string | null>(null);
  const { value, failure, reload } = useLoaded(`answers ${route.query.at}`, knowledgeApi.answers);
  if (!value) return failure ? <Failed error={failure} onRetry={reload} /> : <Loading />;
  const found = answersFound(value.answers, search.trim(), topic, only);
  const topics = [...new Set(value.answers.map((answer) => answer.topic))];
  return (
    <>
      <Search search={search} onSearch={setSearch} hint={words.searchAnswers} only={only} onOnly={setOnly} choices={['all', 'overdue']} />
      <Select<string> className="desk-wide" allowClear showSearch optionFilterProp="label" placeholder={words.allTopics} aria-label={words.allTopics}
        value={topic} onChange={(next) => setTopic(next ?? null)} options={topics.map((value) => ({ value, label: zh.desk.topics[value] ?? value }))} />
      <p className="desk-soft" aria-live="polite">{words.count(found.length, value.answers.length)}</p>
      {found.length === 0 ? <Nothing text={search ? words.none : words.noneOf[only]} /> : null}
      <ul className="desk-plain">{found.map((answer) => <li key={answer.name}><AnswerRow answer={answer} isOpen={answer.name === route.id} /></li>)}</ul>
    </>
  );
}

interface SearchProps {
  search: string;
  onSearch: (search: string) => void;
  hint: string;
  only: Only;
  onOnly: (only: Only) => void;
  choices: Only[];
}

function Search({ search, onSearch, hint, only, onOnly, choices }: SearchProps) {
  return (
    <div className="desk-search">
      <Input allowClear placeholder={hint} aria-label={hint} value={search} onChange={(event) => onSearch(event.target.value)} data-testid="knowledge-search" />
      <Select<Only> value={only} onChange={onOnly} aria-label={words.only.all} options={choices.map((value) => ({ value, label: words.only[value] }))} />
    </div>
  );
}
