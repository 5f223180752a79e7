import { expect, it } from 'vitest';
import { groupedYuan, shortYuan } from './money';

it('says money as it came, grouped', () => {
  expect(['4546.45', '1234567.80', '0.10', '-1000'].map(groupedYuan)).toEqual(['4,546.45', '1,234,567.80', '0.10', '-1,000']);
});

it('keeps figures for a glance short', () => {
  expect([0, 8000, 12000, 12500, 1000000, 1939861.23].map(shortYuan)).toEqual(['0', '8000', '1.2万', '1.25万', '100万', '194万']);
});
