import type { EChartsCoreOption } from 'echarts/core';
import { zh } from '../locales/zh';
import type { Chart } from '../wire';

const COLOURS = ['#1b7f6d', '#e0a458', '#4a7ebb', '#b8605a'];

/** An axis number as short as a phone needs it: `8000`, `1.2万`. */
export function shortYuan(value: number): string {
  if (Math.abs(value) < 10000) return String(value);
  return `${Number((value / 10000).toFixed(1))}${zh.Chart.tenThousand}`;
}

/** Grouped with two places, for the tooltip. Digits are cut in as text: no rounding happens here. */
export function groupedYuan(decimal: string): string {
  const [whole = '0', cents] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return cents === undefined ? grouped : `${grouped}.${cents}`;
}

interface TooltipRow {
  seriesName: string;
  dataIndex: number;
  axisValue: string;
  marker: string;
}

/** ECharts draws from numbers; what the tooltip says comes from the decimal strings as they arrived. */
export function chartOption(chart: Chart): EChartsCoreOption {
  const isStacked = chart.type === 'stacked_area';
  const isBars = chart.type === 'bars';
  return {
    color: COLOURS,
    animationDuration: 400,
    textStyle: { fontFamily: 'inherit' },
    grid: { left: 4, right: 12, top: 36, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: '#45525f', fontSize: 12 } },
    tooltip: {
      trigger: 'axis',
      confine: true,
      renderMode: 'richText',
      formatter: (rows: TooltipRow[]) => {
        const lines = rows.map((row) => {
          const value = chart.series[row.seriesName]?.[row.dataIndex] ?? '';
          return `${row.marker}${row.seriesName}  ${groupedYuan(value)} ${zh.Chart.unit}`;
        });
        return [rows[0]?.axisValue ?? '', ...lines].join('\n');
      },
    },
    xAxis: {
      type: 'category',
      data: chart.labels,
      boundaryGap: isBars,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: '#c9d1d6' } },
      axisLabel: { color: '#5a6874', fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      splitLine: { lineStyle: { color: '#edf0f2' } },
      axisLabel: { color: '#5a6874', fontSize: 11, formatter: shortYuan },
    },
    series: Object.entries(chart.series).map(([name, values]) => ({
      name,
      data: values.map(Number),
      ...(isBars
        ? { type: 'bar', barMaxWidth: 36 }
        : {
            type: 'line',
            symbol: 'none',
            lineStyle: { width: isStacked ? 1 : 2 },
            ...(isStacked ? { stack: 'total', areaStyle: { opacity: 0.78 } } : {}),
          }),
    })),
  };
}
