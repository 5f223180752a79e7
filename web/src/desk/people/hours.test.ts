import { expect, it } from 'vitest';
import { hoursOf, textOf } from './hours';

const WEEK = [['08:30-12:00', '13:00-17:30'], ['08:30-12:00', '13:00-17:30'], [], ['09:00-17:00'], [], [], ['10:00-12:00']];
const TEXT = '周一至周二 08:30-12:00 13:00-17:30\n周四 09:00-17:00\n周日 10:00-12:00';

it('reads what it writes', () => {
  expect(textOf(WEEK)).toBe(TEXT);
  expect(hoursOf(TEXT)).toEqual(WEEK);
  expect(textOf(null)).toBe('');
});

it('takes nothing for the hours of the bank and says what it cannot read', () => {
  expect(hoursOf(' \n ')).toBeNull();
  for (const wrong of ['周一', '周八 09:00-17:00', '周五至周一 09:00-17:00', '周一 9点到17点', '周一 25:00-26:00']) expect(hoursOf(wrong)).toBe('wrong');
});
