import { beforeEach, describe, expect, it } from 'vitest';
import { FakeLine, settle } from '../testing/fakeLink';
import { message } from '../testing/messages';
import type { Session } from '../wire';
import { Conversation } from './conversation';
import { IdentityRefused } from './session';
import type { Keep } from './storage';

let line: FakeLine;
let stored: Map<string, string>;
let session: Session | null;
let opened: number;
let ids: number;
let identity: string | null;

const keep = (): Keep => ({
  get: (key) => stored.get(key) ?? null,
  set: (key, value) => void stored.set(key, value),
  remove: (key) => void stored.delete(key),
});

async function start(): Promise<Conversation> {
  const conversation = new Conversation({
    keeper: {
      load: () => Promise.resolve(session),
      save: (next) => void (session = next),
      identity: () => Promise.resolve(identity),
    },
    keep: keep(),
    openSession: (signed) => {
      if (signed === 'old') return Promise.reject(new IdentityRefused('登录信息已经失效。'));
      opened += 1;
      return Promise.resolve({ token: `${signed ?? 't'}${opened}`, conversation_id: `c${opened}` });
    },
    openLink: line.open,
    newId: () => `id-${(ids += 1)}`,
    sendFile: () => ({ done: new Promise(() => undefined), cancel: () => undefined }),
    shrink: (file) => Promise.resolve(file),
  });
  await conversation.start();
  await settle();
  return conversation;
}

const states = (conversation: Conversation) => conversation.read().entries.map(({ state }) => state);

beforeEach(() => {
  line = new FakeLine();
  stored = new Map();
  session = null;
  opened = 0;
  ids = 0;
  identity = null;
});

describe('a visitor whom the bank has signed in', () => {
  it('gets a session of their own, which is not kept for whoever comes next', async () => {
    session = { token: 'anonymous', conversation_id: 'c0' };
    identity = 'signed';
    await start();
    expect(line.tokens).toEqual(['signed1']);
    expect(session).toEqual({ token: 'anonymous', conversation_id: 'c0' });
  });

  it('is told when the signed identity is not believed, and goes on with the kept session', async () => {
    session = { token: 'anonymous', conversation_id: 'c0' };
    identity = 'old';
    const conversation = await start();
    expect(line.tokens).toEqual(['anonymous']);
    expect(conversation.read().notice).toContain('登录信息已经失效。');
    conversation.closeNotice();
    expect(conversation.read().notice).toBeNull();
  });
});

describe('the outbox', () => {
  it('sends what was written offline in order, one after the other', async () => {
    const conversation = await start();
    conversation.say('一');
    conversation.press('/human_agent', '转人工');
    expect(line.sent).toEqual([]);
    expect(states(conversation)).toEqual(['waiting', 'waiting']);
    line.connect();
    expect(line.sent).toEqual(['一']);
    await line.answer({ ok: true, seq: 1 });
    expect(line.sent).toEqual(['/human_agent']);
  });

  it('sends again under the same id what a break left unanswered', async () => {
    const conversation = await start();
    line.connect();
    conversation.say('一');
    line.lose();
    expect(states(conversation)).toEqual(['waiting']);
    line.connect();
    expect(line.pending.map(({ outgoing }) => outgoing.client_id)).toEqual(['id-1']);
  });

  it('does not send again what the history shows to have arrived', async () => {
    const conversation = await start();
    line.connect();
    conversation.say('一');
    line.lose();
    line.connect({ messages: [message(1, { sender: 'customer', client_id: 'id-1' })] });
    expect(line.sent).toEqual([]);
    expect(conversation.read().entries).toEqual([]);
  });

  it('shows a refusal, lets later messages pass, and really resends on retry', async () => {
    const conversation = await start();
    line.connect();
    conversation.say('一');
    conversation.say('二');
    await line.answer({ ok: false, error: { code: 'busy', message: '服务繁忙' } });
    expect(conversation.read().entries[0]).toMatchObject({ state: 'failed', error: { message: '服务繁忙' } });
    expect(line.sent).toEqual(['二']);
    await line.answer({ ok: true, seq: 1 });
    conversation.retry('id-1');
    expect(line.sent).toEqual(['一']);
    expect(line.pending[0]?.outgoing.client_id).toBe('id-1');
  });

  it('gives up visibly after three silences', async () => {
    const conversation = await start();
    line.connect();
    conversation.say('一');
    for (let attempt = 0; attempt < 3; attempt += 1) await line.fail();
    expect(states(conversation)).toEqual(['failed']);
    expect(line.sent).toEqual([]);
  });

  it('survives a reload of the page', async () => {
    (await start()).say('还没发出');
    const reopened = await start();
    expect(states(reopened)).toEqual(['waiting']);
    line.connect();
    expect(line.sent).toEqual(['还没发出']);
  });
});

describe('the line', () => {
  it('asks for the whole log first and resumes after what it has seen', async () => {
    await start();
    expect(line.since()).toBe(0);
    line.connect({ messages: [message(1), message(2)] });
    line.events.onMessage(message(3));
    line.lose();
    expect(line.since()).toBe(3);
  });

  it('fills a gap and shows everything once, in order', async () => {
    const conversation = await start();
    line.connect({ messages: [message(1)] });
    line.missed = { messages: [message(2), message(3)], mode: 'bot' };
    line.events.onMessage(message(3));
    await settle();
    expect(line.askedSince).toEqual([1]);
    expect(conversation.read().log.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('replaces a session that is no longer good and takes the unsent along', async () => {
    session = { token: 'old', conversation_id: 'c0' };
    const conversation = await start();
    conversation.say('等我');
    line.events.onRefused(true);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(line.tokens).toEqual(['old', 't1']);
    expect(session).toEqual({ token: 't1', conversation_id: 'c1' });
    line.connect();
    expect(line.sent).toEqual(['等我']);
    expect(stored.has('fangxin.outbox.c0')).toBe(false);
  });
});

it('tells that the customer writes only where a person could see it', async () => {
  const conversation = await start();
  line.connect();
  conversation.typing(true);
  expect(line.typed).toEqual([]);
  line.events.onMode({ mode: 'human', agent_name: '林晓', ahead: null });
  conversation.typing(true);
  conversation.typing(false);
  expect(line.typed).toEqual([true, false]);
});

describe('waking up', () => {
  it('asks at once for what was missed while the line held', async () => {
    const conversation = await start();
    line.connect({ messages: [message(1)] });
    line.missed = { messages: [message(2)], mode: 'human', agent_name: '林晓' };
    await conversation.wake();
    expect(conversation.read()).toMatchObject({ log: { seenThrough: 2 }, mode: { mode: 'human' } });
    expect(line.renewed).toBe(0);
  });

  it('renews a line that is gone, or only looks open', async () => {
    const conversation = await start();
    line.connect();
    line.isDead = true;
    await conversation.wake();
    expect(line.renewed).toBe(1);
    line.lose();
    await conversation.wake();
    expect(line.renewed).toBe(2);
  });
});

describe('a thumb', () => {
  it('is shown at once, kept by the service, and there again after a reload', async () => {
    const conversation = await start();
    line.connect({ messages: [message(1)], opinions: { 1: true } });
    expect(conversation.read().opinions).toEqual({ 1: true });
    await conversation.rate(1, false);
    expect(line.rated).toEqual([{ seq: 1, is_helpful: false }]);
    expect(conversation.read().opinions).toEqual({ 1: false });
  });

  it('is taken back where the service does not have it', async () => {
    const conversation = await start();
    line.connect({ messages: [message(1)] });
    line.lose();
    await conversation.rate(1, true);
    expect(conversation.read().opinions).toEqual({});
  });
});
