import { expect, it } from 'vitest';
import { readableColour } from './colour';

it('keeps a colour that white letters can be read on', () => {
  expect(readableColour('#0f6b5c')).toBe('#0f6b5c');
});

it('darkens one that is too light', () => {
  const darker = readableColour('#ffcc00');
  expect(darker).toMatch(/^#[0-9a-f]{6}$/);
  expect(parseInt(darker?.slice(1, 3) ?? 'ff', 16)).toBeLessThan(160);
});

it('takes nothing else into a style', () => {
  expect([null, 'red', '#fff', '#0f6b5c;background:url(x)'].map(readableColour)).toEqual([null, null, null, null]);
});
