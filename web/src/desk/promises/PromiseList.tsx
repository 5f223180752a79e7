import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { zh } from '../../locales/zh';
import { timeAt } from '../serverClock';
import { hashOf } from '../useHashRoute';
import { useNow } from '../useNow';
import { promiseApi, type CustomerPromise } from './promiseApi';
import { byDue, makerOf, standingOf } from './standing';

const words = zh.desk.Promises;
const NoteDialog = lazy(() => import('./NoteDialog'));

/** Open promises with their clocks; beside the conversation itself no link to it is needed. */
export function PromiseList({ promises, isBeside }: { promises: readonly CustomerPromise[]; isBeside: boolean }) {
  const now = useNow();
  const [keeping, setKeeping] = useState<CustomerPromise | null>(null);
  return (
    <>
      {byDue(promises).map((one) => (
        <Row key={one.id} promise={one} now={now} isBeside={isBeside} onKeep={() => setKeeping(one)} />
      ))}
      <Suspense fallback={null}>
        {keeping ? (
          <NoteDialog title={words.keepTitle[keeping.kind]} label={words.keepNote} choices={words.keepNotes[keeping.kind]} ok={words.keep[keeping.kind]} done={words.kept}
            write={(note) => promiseApi.keep(keeping.id, note)} onClose={() => setKeeping(null)} />
        ) : null}
      </Suspense>
    </>
  );
}

function Row({ promise, now, isBeside, onKeep }: { promise: CustomerPromise; now: number; isBeside: boolean; onKeep: () => void }) {
  const { text, look } = standingOf(promise, now);
  return (
    <article className="desk-record desk-promise" data-testid="promise" data-promise-id={promise.id} data-look={look}>
      <header>
        <b>{words.kinds[promise.kind]}</b>
        <span className={`desk-due ${look}`}>{text}</span>
      </header>
      {promise.note ? <p>{promise.note}</p> : null}
      <p>{words.by(makerOf(promise), timeAt(promise.made_at))}{promise.due_at ? ` · ${words.until(timeAt(promise.due_at))}` : ''}</p>
      <footer>
        <Button size="small" onClick={onKeep} data-testid="keep-promise">{words.keep[promise.kind]}</Button>
        {isBeside ? null : <a href={hashOf({ screen: 'conversation', id: promise.conversation_id })}>{words.open}</a>}
      </footer>
    </article>
  );
}
