import { expect, it } from 'vitest';
import type { Chart } from '../wire';
import { chartOption } from './chartOption';
import { chartInWords } from './chartWords';

it('stacks areas and does not stack lines', () => {
  const chart = { title: '', labels: ['1'], series: { 本金: ['1.5'], 利息: ['2'] } };
  const seriesOf = (type: 'stacked_area' | 'lines') => chartOption({ ...chart, type }).series as { stack?: string; data: number[] }[];
  expect(seriesOf('stacked_area').map(({ stack, data }) => [stack, data])).toEqual([['total', [1.5]], ['total', [2]]]);
  expect(seriesOf('lines').every(({ stack }) => stack === undefined)).toBe(true);
});

const BARS: Chart = {
  type: 'bars', title: '总利息对比', labels: ['等额本息', '等额本金'], series: { 不提前还: ['739861.23', '631750.00'], 缩短年限: ['512345.67', '450000.10'] },
};

it('sets bars side by side with their figures on top', () => {
  const [first] = chartOption(BARS).series as { type: string; stack?: string; data: number[]; label: { show: boolean; formatter: (bar: { value: number }) => string } }[];
  expect([first?.type, first?.stack, first?.data]).toEqual(['bar', undefined, [739861.23, 631750]]);
  expect([first?.label.show, first?.label.formatter({ value: 739861.23 })]).toEqual([true, '73.99万']);
});

it('leaves figures out where many bars would make them run together', () => {
  const labels = ['一', '二', '三'];
  const many: Chart = { ...BARS, labels, series: { 甲: labels.map(() => '1'), 乙: labels.map(() => '2') } };
  const shown = (chartOption(many).series as { label: { show: boolean } }[]).map(({ label }) => label.show);
  expect(shown).toEqual([false, false]);
});

it('says the exact figures in the tooltip', () => {
  const { formatter } = chartOption(BARS).tooltip as { formatter: (rows: object[]) => string };
  const row = { seriesName: '缩短年限', dataIndex: 1, axisValue: '等额本金', marker: '' };
  expect(formatter([row])).toBe('等额本金\n缩短年限  450,000.10 元');
});

it('is told in words to whoever cannot see it', () => {
  expect(chartInWords(BARS)).toBe('总利息对比。等额本息：不提前还 739,861.23 元，缩短年限 512,345.67 元；等额本金：不提前还 631,750.00 元，缩短年限 450,000.10 元');
  const years: Chart = { type: 'lines', title: '每年还款', labels: ['第1年', '第2年', '第3年'], series: { 等额本金: ['82000.00', '80000.00', '78000.50'] } };
  expect(chartInWords(years)).toBe('每年还款。等额本金：第1年 82,000.00 元，第3年 78,000.50 元');
});
