import { zh } from '../locales/zh';
import type { Chart } from '../wire';
import { groupedYuan } from './money';

/** The main figures of a chart for somebody who cannot see it: both ends of what runs over time, every bar. */
export function chartInWords(chart: Chart): string {
  const last = chart.labels.length - 1;
  const at = (values: string[], position: number) => groupedYuan(values[position] ?? '');
  const parts =
    chart.type === 'bars'
      ? chart.labels.map((label, position) =>
          zh.Chart.sideBySide(
            label,
            Object.entries(chart.series).map(([name, values]) => zh.Chart.figure(name, at(values, position))),
          ),
        )
      : Object.entries(chart.series).map(([name, values]) =>
          zh.Chart.overTime(name, chart.labels[0] ?? '', at(values, 0), chart.labels[last] ?? '', at(values, last)),
        );
  return zh.Chart.describe(chart.title, parts);
}
