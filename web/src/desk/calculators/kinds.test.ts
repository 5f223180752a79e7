import { expect, it } from 'vitest';
import { inputsOf, linesOf, messageOf, serviceKind, type Given } from './kinds';

const GIVEN: Given = { principal: '1,000,000', annual_rate_pct: '3.5', term_months: 360, method: 'level', option: 'lower_payment' };

it('asks the service for the method that was chosen, with amounts as text and no separators', () => {
  expect(serviceKind('payment', GIVEN)).toBe('level_payment');
  expect(serviceKind('payment', { ...GIVEN, method: 'equal_principal' })).toBe('equal_principal');
  expect(inputsOf('payment', GIVEN)).toEqual({ principal: '1000000', annual_rate_pct: '3.5', term_months: 360 });
  expect(inputsOf('prepay', { ...GIVEN, paid_periods: 60, prepay_amount: '200000' })).toEqual({
    principal: '1000000', annual_rate_pct: '3.5', term_months: 360, method: 'level', paid_periods: 60, prepay_amount: '200000', option: 'lower_payment',
  });
});

it('tells the customer the figures as they came, and leaves out what is nothing', () => {
  const lines = linesOf('level_payment', { monthly_payment: '4490.45', total_interest: '616560.07', total_payment: '1616560.07' });
  expect(messageOf('payment', GIVEN, lines).split('\n')).toEqual([
    '按您说的情况帮您算了月供：', '贷款 1,000,000 元，年利率 3.5%，360 个月，等额本息。',
    '每月还款：4,490.45 元', '利息合计：616,560.07 元', '还款合计：1,616,560.07 元', '以上是试算，以合同和系统扣款为准。',
  ]);
  expect(linesOf('prepay_partial', { periods_saved: 12, penalty: '0.00', payment_reduction: null })).toEqual([{ label: '少还期数', value: '12 期' }]);
});
