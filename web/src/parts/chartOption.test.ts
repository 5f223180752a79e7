import { expect, it } from 'vitest';
import { chartOption, groupedYuan, shortYuan } from './chartOption';

it('says money as it came, grouped', () => {
  expect(['4546.45', '1234567.80', '0.10', '-1000'].map(groupedYuan)).toEqual(['4,546.45', '1,234,567.80', '0.10', '-1,000']);
});

it('keeps axis figures short', () => {
  expect([0, 8000, 12000, 1000000].map(shortYuan)).toEqual(['0', '8000', '1.2万', '100万']);
});

it('sets bars side by side, away from the edges', () => {
  const chart = { title: '', labels: ['现在', '以后'], series: { 月供: ['1.5', '2'], 上限: ['3', '3'] } };
  const option = chartOption({ ...chart, type: 'bars' });
  const series = option.series as { type: string; stack?: string }[];
  expect(series.map(({ type, stack }) => [type, stack])).toEqual([
    ['bar', undefined],
    ['bar', undefined],
  ]);
  expect((option.xAxis as { boundaryGap: boolean }).boundaryGap).toBe(true);
});

it('stacks areas and does not stack lines', () => {
  const chart = { title: '', labels: ['1'], series: { 本金: ['1.5'], 利息: ['2'] } };
  const seriesOf = (type: 'stacked_area' | 'lines') => chartOption({ ...chart, type }).series as { stack?: string; data: number[] }[];
  expect(seriesOf('stacked_area').map(({ stack, data }) => [stack, data])).toEqual([['total', [1.5]], ['total', [2]]]);
  expect(seriesOf('lines').every(({ stack }) => stack === undefined)).toBe(true);
});
