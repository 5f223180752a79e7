import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export interface Picked {
  dataIndex: number;
  seriesIndex: number;
}

export interface ChartProps {
  option: EChartsCoreOption;
  /** What it shows, for those who cannot see it; the figures stand in a table or beside it too. */
  label: string;
  height: number;
  onPick?: (picked: Picked) => void;
}

export default function Chart({ option, label, height, onPick }: ChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const key = JSON.stringify(option);

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const drawing = init(element, null, { renderer: 'svg' });
    drawing.setOption({ ...(JSON.parse(key) as EChartsCoreOption), textStyle: { fontFamily: getComputedStyle(element).fontFamily } });
    drawing.on('click', (event) => pick.current?.({ dataIndex: event.dataIndex, seriesIndex: event.seriesIndex ?? 0 }));
    const watcher = new ResizeObserver(() => drawing.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      drawing.dispose();
    };
  }, [key]);

  return <div ref={holder} role="img" aria-label={label} style={{ height }} data-testid="desk-chart" />;
}
