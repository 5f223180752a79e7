import { beforeEach, expect, it } from 'vitest';
import { settle } from '../testing/fakeLink';
import type { SendAck } from '../wire';
import { ackOf } from './sendFile';
import { Uploads, type Upload } from './uploads';

interface Line {
  token: string;
  clientId: string;
  file: File;
  onProgress: (share: number) => void;
  answer: (ack: SendAck) => void;
  fail: () => void;
  isCancelled: boolean;
}

let lines: Line[];
let shown: readonly Upload[];
let forgotten: string[];
let uploads: Uploads;

const picture = (name = 'a.jpg') => new File(['x'], name, { type: 'image/jpeg' });
const states = () => shown.map(({ state }) => state);

beforeEach(() => {
  lines = [];
  shown = [];
  forgotten = [];
  let ids = 0;
  uploads = new Uploads({
    send: (token, clientId, file, onProgress) => {
      let answer: Line['answer'] = () => undefined;
      let fail: Line['fail'] = () => undefined;
      const done = new Promise<SendAck>((resolve, reject) => {
        answer = resolve;
        fail = () => reject(new Error('no answer'));
      });
      const line: Line = { token, clientId, file, onProgress, answer, fail, isCancelled: false };
      lines.push(line);
      return { done, cancel: () => ((line.isCancelled = true), fail()) };
    },
    shrink: (file) => (file.name === 'broken.jpg' ? Promise.reject(new Error('no picture')) : Promise.resolve(file)),
    newId: () => `id-${(ids += 1)}`,
    previews: { make: (file) => `blob:${file.name}`, forget: (address) => void forgotten.push(address) },
    onChange: (list) => (shown = list),
  });
});

it('waits for a session, then sends one file after the other', async () => {
  uploads.add([picture('a.jpg'), picture('b.jpg')]);
  await settle();
  expect(states()).toEqual(['waiting', 'waiting']);
  uploads.useSession('t1');
  await settle();
  expect(states()).toEqual(['sending', 'waiting']);
  expect(lines.map(({ token, clientId }) => [token, clientId])).toEqual([['t1', 'id-1']]);
  lines[0]?.onProgress(0.4);
  expect(shown[0]?.progress).toBe(0.4);
  lines[0]?.answer({ ok: true, seq: 1 });
  await settle();
  expect(states()).toEqual(['sent', 'sending']);
});

it('shows why a file was refused and sends it again under the same id', async () => {
  uploads.useSession('t1');
  uploads.add([picture()]);
  await settle();
  lines[0]?.answer({ ok: false, error: { code: 'file_too_large', message: '文件太大了' } });
  await settle();
  expect(shown[0]).toMatchObject({ state: 'failed', error: { message: '文件太大了' } });
  uploads.retry('id-1');
  await settle();
  expect(lines.map(({ clientId }) => clientId)).toEqual(['id-1', 'id-1']);
});

it('keeps a file for which no answer came', async () => {
  uploads.useSession('t1');
  uploads.add([picture()]);
  await settle();
  lines[0]?.fail();
  await settle();
  expect(shown[0]).toMatchObject({ state: 'failed', error: { code: 'network' } });
});

it('stops a file that is taken back, and goes on with the next', async () => {
  uploads.useSession('t1');
  uploads.add([picture('a.jpg'), picture('b.jpg')]);
  await settle();
  uploads.discard('id-1');
  await settle();
  expect(lines[0]?.isCancelled).toBe(true);
  expect(shown.map(({ clientId, state }) => [clientId, state])).toEqual([['id-2', 'sending']]);
  expect(forgotten).toEqual(['blob:a.jpg']);
});

it('leaves the list once it stands in the conversation', async () => {
  uploads.useSession('t1');
  uploads.add([picture()]);
  await settle();
  uploads.settle(new Set(['id-1']));
  expect(shown).toEqual([]);
  lines[0]?.answer({ ok: true, seq: 1 }); // its answer may come after its message
  await settle();
  expect(shown).toEqual([]);
});

it('sends a picture as it is when it cannot be made smaller', async () => {
  uploads.useSession('t1');
  uploads.add([picture('broken.jpg')]);
  await settle();
  expect(lines.map(({ file }) => file.name)).toEqual(['broken.jpg']);
});

it('reads an answer, and nothing into what is none', () => {
  expect(ackOf('{"ok": true, "seq": 3}')).toEqual({ ok: true, seq: 3 });
  expect(ackOf('{"error": {"code": "x", "message": "y"}}')).toEqual({ ok: false, error: { code: 'x', message: 'y' } });
  for (const body of ['', '<html>502</html>', '{}', 'null', '{"ok": true}']) expect(ackOf(body)).toBeNull();
});
