import { expect, it, vi } from 'vitest';
import type { Keep } from './storage';
import { parseWishes, showWishes, WishBook, wishesOfPage } from './wishes';

const memory = (stored: Record<string, string> = {}): Keep => ({
  get: (key) => stored[key] ?? null,
  set: (key, value) => void (stored[key] = value),
  remove: (key) => void delete stored[key],
});
const page = (search: string) => wishesOfPage(new URLSearchParams(search));

it('begins as the page asks, without sound', () => {
  expect(page('theme=dark&type=large')).toEqual({ isLarge: true, hasSound: false, theme: 'dark' });
  expect(page('theme=pink')).toEqual({ isLarge: false, hasSound: false, theme: 'light' });
});

it('keeps what the customer chose, here and on the host page, and nothing that the page asked', () => {
  const keep = memory();
  const alsoKeep = vi.fn();
  new WishBook(page('theme=dark'), keep, alsoKeep).choose({ isLarge: true });
  expect(alsoKeep).toHaveBeenCalledWith('{"isLarge":true}');
  expect(new WishBook(page(''), keep).read()).toEqual({ isLarge: true, hasSound: false, theme: 'light' });
});

it('takes no nonsense from a storage', () => {
  for (const stored of [null, '', 'x', '3', '[]', '{"isLarge":1,"theme":"url(x)"}']) expect(parseWishes(stored)).toEqual({});
});

it('marks the root element, and follows the device where that is wished', () => {
  const root = document.createElement('html');
  const device = Object.assign(new EventTarget(), { matches: true }) as unknown as MediaQueryList & { matches: boolean };
  const book = new WishBook(page('theme=auto'), memory());
  showWishes(book, root, device);
  expect(root.dataset).toMatchObject({ theme: 'dark', type: 'normal' });
  device.matches = false;
  device.dispatchEvent(new Event('change'));
  book.take({ isLarge: true });
  expect(root.dataset).toMatchObject({ theme: 'light', type: 'large' });
});
