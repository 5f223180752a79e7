import { Card } from '../chatui';
import { lazy, Suspense } from 'react';
import { zh } from '../locales/zh';
import type { CardPart } from '../wire';
import { Fallback } from './Fallback';
import { PlainText } from './PlainText';

// ECharts is by far the heaviest thing here and most conversations never show a chart.
const ChartView = lazy(() => import('./ChartView'));

/** Figures with what they rest on. */
export function FigureCard({ part }: { part: CardPart }) {
  return (
    <Card className="fx-card">
      <h2 className="fx-card-title">{part.title}</h2>
      <dl className="fx-rows">
        {part.rows.map((row, index) => (
          <div key={index} className={row.emphasis ? 'fx-row fx-row-strong' : 'fx-row'}>
            <dt>{row.label}</dt>
            <dd>{row.value}</dd>
          </div>
        ))}
      </dl>
      {part.chart ? (
        <Fallback instead={<p className="fx-chart-wait">{zh.Card.chartFailed}</p>}>
          <Suspense fallback={<p className="fx-chart-wait">{zh.Card.chartLoading}</p>}>
            <ChartView chart={part.chart} />
          </Suspense>
        </Fallback>
      ) : null}
      <Notes notes={part.notes} />
    </Card>
  );
}

/** The assumptions, in small print that can still be read. */
export function Notes({ notes }: { notes: string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="fx-notes" aria-label={zh.Card.notes}>
      {notes.map((note, index) => (
        <li key={index}>
          <PlainText text={note} />
        </li>
      ))}
    </ul>
  );
}
