import { expect, it } from 'vitest';
import { ratePercent } from './rates';

it('moves the point and loses no digit', () => {
  expect(ratePercent('0.0305')).toBe('3.05%');
  expect(ratePercent('0.035000')).toBe('3.5%');
  expect(ratePercent('0.03')).toBe('3%');
  expect(ratePercent('0.1')).toBe('10%');
  expect(ratePercent('0')).toBe('0%');
});
