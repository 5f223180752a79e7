import type { EChartsCoreOption } from 'echarts/core';
import { zh } from '../locales/zh';
import type { Chart } from '../wire';
import { groupedYuan, shortYuan } from './money';

const COLOURS = ['#1b7f6d', '#e0a458', '#4a7ebb', '#b8605a'];
/** With more bars than this their figures would run into each other; the tooltip has them. */
const MOST_FIGURES = 4;

/** What the labels of the bars share on a narrow phone, in pixels. */
const LABELS_WIDTH = 208;

interface TooltipRow {
  seriesName: string;
  dataIndex: number;
  axisValue: string;
  marker: string;
}

/** What a chart has to share with the page around it. */
export interface ChartLook {
  fontFamily: string;
  ink: string;
  soft: string;
  line: string;
  /** Of the type: 1 is normal. */
  scale: number;
}

const PLAIN_LOOK: ChartLook = { fontFamily: 'sans-serif', ink: '#1d2a33', soft: '#54626e', line: '#e2e8e6', scale: 1 };

/**
 * ECharts draws from numbers; what the tooltip says comes from the decimal strings as they arrived.
 *
 * It measures texts itself, so it is told the font by name: measured in another one, they would run together.
 */
export function chartOption(chart: Chart, look: ChartLook = PLAIN_LOOK): EChartsCoreOption {
  const { fontFamily, ink, soft, line, scale } = look;
  return {
    color: COLOURS,
    animationDuration: 400,
    textStyle: { fontFamily },
    grid: { left: 4, right: 18, top: 40, bottom: 4, containLabel: true },
    // Scrolls instead of growing a second line into the drawing.
    legend: { type: 'scroll', top: 0, left: 0, itemWidth: 14, itemHeight: 9, itemGap: 16, textStyle: { color: soft, fontSize: 13 * scale, fontFamily } },
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
      boundaryGap: chart.type === 'bars',
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: { color: soft, fontSize: 12 * scale, ...(chart.type === 'bars' ? everyLabel(chart) : { hideOverlap: true, showMinLabel: true }) },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      splitLine: { lineStyle: { color: line } },
      axisLabel: { color: soft, fontSize: 12 * scale, formatter: shortYuan },
    },
    series: Object.entries(chart.series).map(([name, values], index) => ({
      name,
      data: values.map(Number),
      ...shapeOf(chart, index, ink),
    })),
  };
}

/** Each bar keeps its name, on two lines where it is long. */
function everyLabel(chart: Chart): object {
  return { interval: 0, overflow: 'break', width: Math.floor(LABELS_WIDTH / chart.labels.length), lineHeight: 15 };
}

function shapeOf(chart: Chart, index: number, ink: string): object {
  switch (chart.type) {
    case 'stacked_area':
      return { type: 'line', symbol: 'none', lineStyle: { width: 1 }, stack: 'total', areaStyle: { opacity: 0.85 } };
    case 'lines':
      // Told apart without colours too.
      return { type: 'line', symbol: 'none', lineStyle: { width: 2.5, type: index % 2 ? [8, 4] : 'solid' } };
    case 'bars': {
      const hasFigures = Object.keys(chart.series).length * chart.labels.length <= MOST_FIGURES;
      const label = { show: hasFigures, position: 'top', color: ink, fontSize: 11, formatter: ({ value }: { value: number }) => shortYuan(value) };
      return { type: 'bar', barMaxWidth: 56, barGap: '8%', label };
    }
  }
}
