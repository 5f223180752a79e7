import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Chart } from '../wire';
import { chartOption } from './chartOption';
import { chartInWords } from './chartWords';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/** How payments or balances move over time, or compare. Loaded apart, when the first chart is shown. */
export default function ChartView({ chart }: { chart: Chart }) {
  const holder = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const drawing = init(element, null, { renderer: 'svg' });
    drawing.setOption(chartOption(chart, getComputedStyle(element).fontFamily));
    const watcher = new ResizeObserver(() => drawing.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      drawing.dispose();
    };
  }, [chart]);

  return (
    <figure className="fx-chart" data-testid="chart">
      <figcaption>{chart.title}</figcaption>
      <div ref={holder} className="fx-chart-canvas" role="img" aria-label={chartInWords(chart)} />
    </figure>
  );
}
