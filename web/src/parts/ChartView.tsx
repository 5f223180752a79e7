import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Chart } from '../wire';
import { chartOption, type ChartLook } from './chartOption';
import { chartInWords } from './chartWords';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/** How payments or balances move over time, or compare. Loaded apart, when the first chart is shown. */
export default function ChartView({ chart }: { chart: Chart }) {
  const holder = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const drawing = init(element, null, { renderer: 'svg' });
    const draw = () => drawing.setOption(chartOption(chart, lookOf(element)));
    draw();
    // The theme and the size of type are marks on the root element.
    const marks = new MutationObserver(draw);
    marks.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-type'] });
    const watcher = new ResizeObserver(() => drawing.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      marks.disconnect();
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

function lookOf(element: HTMLElement): ChartLook {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    fontFamily: style.fontFamily,
    ink: colour('--fx-ink'),
    soft: colour('--fx-ink-soft'),
    line: colour('--fx-line'),
    scale: parseFloat(getComputedStyle(document.documentElement).fontSize) / 16,
  };
}
