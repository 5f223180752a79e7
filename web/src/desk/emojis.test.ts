import { expect, it } from 'vitest';
import { EMOJIS, inserted } from './emojis';

it('puts a sign where the caret stands, or in place of what is selected', () => {
  expect(inserted('您好，请问', 2, 2, '😊')).toEqual({ text: '您好😊，请问', caret: 4 });
  expect(inserted('您好呀', 2, 3, '🙏')).toEqual({ text: '您好🙏', caret: 4 });
});

it('has each sign once', () => {
  expect(new Set(EMOJIS.map(([sign]) => sign)).size).toBe(EMOJIS.length);
});
