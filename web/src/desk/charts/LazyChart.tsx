import { lazy, Suspense } from 'react';
import { zh } from '../../locales/zh';
import { Fallback } from '../../parts/Fallback';
import { Loading } from '../states';
import type { ChartProps } from './Chart';

const Chart = lazy(() => import('./Chart'));

/** ECharts comes when the first chart is shown. */
export function LazyChart(props: ChartProps) {
  return (
    <Fallback instead={<p className="desk-soft">{zh.Card.chartFailed}</p>}>
      <Suspense fallback={<div style={{ height: props.height }}><Loading /></div>}>
        <Chart {...props} />
      </Suspense>
    </Fallback>
  );
}
