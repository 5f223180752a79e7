import type { EChartsCoreOption } from 'echarts/core';

export const COLOURS = ['#1b7f6d', '#e0a458', '#4a7ebb', '#b8605a', '#7a6ba8', '#5f8f4e', '#7c8790'];
const INK = '#5a6874';

export interface Series {
  name: string;
  data: number[];
}

const base = {
  color: COLOURS,
  animationDuration: 300,
  grid: { left: 4, right: 16, top: 36, bottom: 4, containLabel: true },
  legend: { type: 'scroll', top: 0, left: 0, itemWidth: 14, itemHeight: 9, textStyle: { color: '#45525f', fontSize: 13 } },
};
const counts = { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: '#edf0f2' } }, axisLabel: { color: INK } };
const names = (data: readonly string[]) => ({ type: 'category', data, axisTick: { show: false }, axisLine: { lineStyle: { color: '#c9d1d6' } }, axisLabel: { color: INK, hideOverlap: true } });

/** How counts went over days; told apart without colours too. */
export function lines(days: readonly string[], series: readonly Series[]): EChartsCoreOption {
  return {
    ...base,
    tooltip: { trigger: 'axis', confine: true },
    xAxis: { ...names(days), boundaryGap: false },
    yAxis: counts,
    series: series.map((one, index) => ({ ...one, type: 'line', showSymbol: days.length < 15, lineStyle: { width: 2, type: index % 2 ? [8, 4] : 'solid' } })),
  };
}

/** Bars side by side or on one another, standing. */
export function barsByName(labels: readonly string[], series: readonly Series[], isStacked: boolean): EChartsCoreOption {
  return {
    ...base,
    tooltip: { trigger: 'item', confine: true },
    ...(series.length > 1 ? {} : { legend: { show: false }, grid: { ...base.grid, top: 12 } }),
    xAxis: names(labels),
    yAxis: counts,
    series: series.map((one) => ({ ...one, type: 'bar', barMaxWidth: 48, cursor: 'pointer', ...(isStacked ? { stack: 'all' } : {}) })),
  };
}

/** A ranking: lying bars, the longest on top, each with its figure. */
export function ranking(rows: readonly { name: string; value: number }[]): EChartsCoreOption {
  return {
    ...base,
    legend: { show: false },
    grid: { left: 4, right: 36, top: 4, bottom: 4, containLabel: true },
    tooltip: { trigger: 'item', confine: true },
    xAxis: { ...counts, splitLine: { show: false }, axisLabel: { show: false } },
    yAxis: { ...names(rows.map(({ name }) => name)), inverse: true, axisLine: { show: false }, axisLabel: { color: '#1d2a33', width: 120, overflow: 'truncate' } },
    series: [{ type: 'bar', barMaxWidth: 18, cursor: 'pointer', data: rows.map(({ value }) => value), label: { show: true, position: 'right', color: '#1d2a33' } }],
  };
}
