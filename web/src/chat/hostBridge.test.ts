import { expect, it, vi } from 'vitest';
import { connectHost, hostOrigin } from './hostBridge';

const HOST = 'https://bank.example';

function embedded(search: string) {
  const parent = { postMessage: vi.fn<(message: unknown, origin: string) => void>() };
  const events = new EventTarget();
  const page = Object.assign(events, { parent, location: { search } }) as unknown as Window;
  const say = (data: unknown, origin: string, source: unknown = parent) => {
    const event = new Event('message');
    events.dispatchEvent(Object.assign(event, { data, origin, source }));
  };
  return { page, parent, say };
}

it('stands alone when it is not in a frame', () => {
  expect(hostOrigin(window)).toBeNull();
});

it('takes the session only from the page that holds it, and speaks only to that origin', async () => {
  const { page, parent, say } = embedded(`?host=${encodeURIComponent(HOST)}`);
  expect(hostOrigin(page)).toBe(HOST);
  const bridge = connectHost(page, HOST);
  const loaded = bridge.keeper.load();
  say({ fangxin: 'hello', session: { token: 'evil', conversation_id: 'x' } }, 'https://evil.example');
  say({ fangxin: 'hello', session: { token: 'evil', conversation_id: 'x' } }, HOST, {});
  say({ fangxin: 'hello', session: { token: 'good', conversation_id: 'c' } }, HOST);
  expect(await loaded).toEqual({ token: 'good', conversation_id: 'c' });
  expect(parent.postMessage.mock.calls).toEqual([[{ fangxin: 'ready' }, HOST]]);
});

it('hands on the signed identity that the page gives, and nothing else in its place', async () => {
  const { page, say } = embedded(`?host=${encodeURIComponent(HOST)}`);
  const first = connectHost(page, HOST);
  say({ fangxin: 'hello', session: null, identity: 'signed' }, HOST);
  expect(await first.keeper.identity?.()).toBe('signed');
  const second = connectHost(page, HOST);
  say({ fangxin: 'hello', session: null, identity: { token: 'x' } }, HOST);
  expect(await second.keeper.identity?.()).toBeNull();
});
