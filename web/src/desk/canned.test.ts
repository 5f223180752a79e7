import { expect, it } from 'vitest';
import { filled, matching, searchIn, unfilled } from './canned';
import type { CannedReply } from './wire';

const reply = (shortcut: string, text = ''): CannedReply => ({ id: shortcut, shortcut, text, is_shared: true });

it('looks for a reply only behind a slash at the very start, and not across words', () => {
  expect(searchIn('/')).toBe('');
  expect(searchIn('/您好')).toBe('您好');
  expect(searchIn('利率 3.5%/年')).toBeNull();
  expect(searchIn('/您好 我是')).toBeNull();
});

it('puts shortcuts that begin with it first, then those that hold it, then texts', () => {
  const replies = [reply('a', '欢迎提前还款'), reply('还款提前'), reply('提前还款'), reply('证明')];
  expect(matching(replies, '提前').map(({ id }) => id)).toEqual(['提前还款', '还款提前', 'a']);
});

it('fills what is known and names what is not', () => {
  const text = filled('尊敬的{客户}，我是{坐席}，您的申请{申请编号}已受理。', { 客户: '客户', 坐席: '林晓', 申请编号: null });
  expect(text).toBe('尊敬的客户，我是林晓，您的申请{申请编号}已受理。');
  expect(unfilled(text)).toEqual(['{申请编号}']);
  expect(unfilled('{别的}')).toEqual([]);
});
