import { expect, it } from 'vitest';
import { inputsOf, messageOf, serviceKind, type Given } from './kinds';

const GIVEN: Given = { principal: '1,000,000', annual_rate_pct: '3.5', term_months: 360, method: 'level', option: 'lower_payment' };

it('asks the service for the method that was chosen, with amounts as text and no separators', () => {
  expect(serviceKind('payment', GIVEN)).toBe('level_payment');
  expect(serviceKind('payment', { ...GIVEN, method: 'equal_principal' })).toBe('equal_principal');
  expect(inputsOf('payment', GIVEN)).toEqual({ principal: '1000000', annual_rate_pct: '3.5', term_months: 360 });
  expect(inputsOf('prepay', { ...GIVEN, paid_periods: 60, prepay_amount: '200000' })).toEqual({
    principal: '1000000', annual_rate_pct: '3.5', term_months: 360, method: 'level', paid_periods: 60, prepay_amount: '200000', option: 'lower_payment',
  });
});

it('puts the card into words, without the small print', () => {
  const rows = [{ label: '每月还款', value: '4,490.45元', emphasis: true }];
  const card = { kind: 'card' as const, title: '月供试算 · 100万元 · 30年', rows, notes: ['每月利息四舍五入到分。'], chart: null };
  expect(messageOf(card)).toBe('月供试算 · 100万元 · 30年\n每月还款：4,490.45元\n以上是试算，以合同和系统扣款为准。');
});
