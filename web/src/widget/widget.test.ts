import { beforeEach, expect, it, vi } from 'vitest';
import type { FromFrame } from './protocol';
import { startWidget } from './widget';

const SERVICE = 'https://chat.example.com';

function open(more: Record<string, string> = {}): ShadowRoot {
  const script = document.createElement('script');
  script.src = `${SERVICE}/widget.js`;
  Object.assign(script.dataset, { title: '贷款顾问', color: '#112233', position: 'left', ...more });
  startWidget(script);
  const root = document.body.lastElementChild?.shadowRoot;
  if (!root) throw new Error('no widget');
  return root;
}

const button = (root: ShadowRoot) => root.querySelector('button') as HTMLButtonElement;
const frame = (root: ShadowRoot) => root.querySelector('iframe');

// jsdom gives an iframe within a shadow root no window of its own.
const newInner = () => ({ postMessage: vi.fn<(message: unknown, origin: string) => void>(), focus: () => undefined });
let inner = newInner();

function press(root: ShadowRoot) {
  button(root).click();
  const element = frame(root);
  if (element) Object.defineProperty(element, 'contentWindow', { value: inner, configurable: true });
}

function fromFrame(data: FromFrame, origin = SERVICE, source: unknown = inner) {
  window.dispatchEvent(Object.assign(new Event('message'), { data, origin, source }));
}

beforeEach(() => {
  // A new one each time: the widgets of earlier tests still listen on the same window.
  inner = newInner();
  document.body.replaceChildren();
  localStorage.clear();
  window.matchMedia = () => ({ matches: false }) as MediaQueryList;
});

it('makes the iframe only when it is opened, and only once', () => {
  const root = open();
  expect(frame(root)).toBeNull();
  press(root);
  press(root);
  press(root);
  expect(root.querySelectorAll('iframe')).toHaveLength(1);
  const address = new URL(frame(root)?.src ?? '');
  expect(address.origin + address.pathname).toBe(`${SERVICE}/chat`);
  expect(address.searchParams.get('host')).toBe(location.origin);
});

it('keeps the session for the frame and hands it over to the service only', () => {
  const session = { token: 't', conversation_id: 'c' };
  const root = open();
  press(root);
  fromFrame({ fangxin: 'session', session });
  expect(JSON.parse(localStorage.getItem('fangxin.session') ?? '')).toEqual(session);
  inner.postMessage.mockClear();
  fromFrame({ fangxin: 'ready' });
  expect(inner.postMessage.mock.calls).toEqual([[{ fangxin: 'hello', session, wishes: null }, SERVICE]]);
});

it('keeps how the visitor wants the chat and says what the page asked for', () => {
  const root = open({ theme: 'auto', subtitle: '' });
  press(root);
  const asked = new URL(frame(root)?.src ?? '').searchParams;
  expect([asked.get('theme'), asked.has('subtitle'), asked.has('type')]).toEqual(['auto', false, false]);
  fromFrame({ fangxin: 'wishes', wishes: '{"isLarge":true}' });
  fromFrame({ fangxin: 'ready' });
  expect(inner.postMessage.mock.calls.at(-1)?.[0]).toMatchObject({ wishes: '{"isLarge":true}' });
});

it('asks the bank\'s page who the visitor is when the chat opens, and goes on without when it does not say', async () => {
  const asked = vi.fn().mockResolvedValueOnce({ ok: true, text: () => Promise.resolve('signed\n') });
  asked.mockResolvedValueOnce({ ok: false, text: () => Promise.resolve('login') }).mockRejectedValueOnce(new Error('offline'));
  vi.stubGlobal('fetch', asked);
  press(open({ identityUrl: '/chat-identity' }));
  for (let visit = 0; visit < 3; visit += 1) {
    fromFrame({ fangxin: 'ready' });
    await vi.waitFor(() => expect(inner.postMessage.mock.calls).toHaveLength(visit + 1));
  }
  vi.unstubAllGlobals();
  expect(asked.mock.calls[0]?.[0]).toBe('/chat-identity');
  expect(inner.postMessage.mock.calls).toEqual([
    [{ fangxin: 'hello', session: null, wishes: null, identity: 'signed' }, SERVICE],
    [{ fangxin: 'hello', session: null, wishes: null }, SERVICE],
    [{ fangxin: 'hello', session: null, wishes: null }, SERVICE],
  ]);
});

it('listens to its frame of the service and to nobody else', () => {
  const root = open();
  press(root);
  fromFrame({ fangxin: 'session', session: { token: 'evil', conversation_id: 'x' } }, 'https://evil.example');
  fromFrame({ fangxin: 'session', session: { token: 'evil', conversation_id: 'x' } }, SERVICE, window);
  expect(localStorage.length).toBe(0);
});

it('Escape closes it and gives the focus back; unread messages are counted and named', () => {
  const root = open();
  press(root);
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  expect(button(root).getAttribute('aria-expanded')).toBe('false');
  expect(root.activeElement).toBe(button(root));
  fromFrame({ fangxin: 'unread', count: 12 });
  expect(root.querySelector('.badge')?.textContent).toBe('9+');
  expect(button(root).getAttribute('aria-label')).toContain('12');
});
