import { cleanup, createEvent, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi, type MockInstance } from 'vitest';
import { AGENT } from '../testing/tickets';
import { deskApi } from './api';
import { DeskComposer } from './DeskComposer';
import { DeskContext, type DeskShared } from './deskContext';

const REPLIES = [
  { id: 'k1', shortcut: '您好', text: '尊敬的{客户}，我是{坐席}。', is_shared: true },
  { id: 'k2', shortcut: '进度', text: '您的申请{申请编号}在审批。', is_shared: true },
];

let reply: MockInstance<typeof deskApi.reply>;
let addNote: MockInstance<typeof deskApi.addNote>;

beforeEach(() => {
  // jsdom has neither; the library asks for both.
  vi.stubGlobal('matchMedia', () => ({ matches: false, addListener: () => undefined, removeListener: () => undefined }));
  vi.stubGlobal('ResizeObserver', class { observe() {} unobserve() {} disconnect() {} });
  vi.spyOn(deskApi, 'replies').mockResolvedValue(REPLIES);
  vi.spyOn(deskApi, 'customer').mockResolvedValue({ is_verified: false, complaints: [] });
  reply = vi.spyOn(deskApi, 'reply').mockResolvedValue({ seq: 1, id: 'm', sender: 'agent', author_name: '', parts: [], client_id: null, at: '' });
  addNote = vi.spyOn(deskApi, 'addNote').mockResolvedValue({ id: 'n', conversation_id: 'c', kind: 'note', author_name: '', text: '', at: '' });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const SHARED = { agent: AGENT, isSupervisor: false, line: null, open: { add: () => undefined, addNote: () => undefined } } as unknown as DeskShared;

function Composer({ id, canReply }: { id: string; canReply: boolean }) {
  return <DeskContext.Provider value={SHARED}><DeskComposer conversationId={id} canReply={canReply} onRefused={() => undefined} /></DeskContext.Provider>;
}

const field = () => screen.getByTestId<HTMLTextAreaElement>('desk-input');

async function open(conversationId: string, canReply = true) {
  const { rerender } = render(<Composer id={conversationId} canReply={canReply} />);
  await waitFor(() => undefined);
  become = (may: boolean) => rerender(<Composer id={conversationId} canReply={may} />);
  return field();
}

let become: (canReply: boolean) => void;

const type = (input: HTMLTextAreaElement, value: string) => fireEvent.change(input, { target: { value } });

it('sends on Enter, but not while the input method is choosing characters', async () => {
  const input = await open('c1');
  type(input, 'nin');
  fireEvent(input, createEvent.keyDown(input, { key: 'Enter', keyCode: 13, isComposing: true }));
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 229 });
  expect(reply).not.toHaveBeenCalled();
  type(input, ' 您好 ');
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await waitFor(() => expect(input.value).toBe(''));
  expect(reply.mock.calls.map(([, message]) => message.text)).toEqual(['您好']);
});

it('a slash lists replies, arrows choose, Enter takes one and sends nothing', async () => {
  const input = await open('c2');
  type(input, '/');
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(2));
  type(input, '/您好');
  expect(screen.getAllByRole('option')).toHaveLength(1);
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  expect(input.value).toBe('尊敬的客户，我是林晓。');
  expect(reply).not.toHaveBeenCalled();
});

it('a reply with something left to fill in is not sent', async () => {
  const input = await open('c3');
  type(input, '您的申请{申请编号}在审批。');
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  expect(reply).not.toHaveBeenCalled();
  expect(screen.getByRole('alert').textContent).toContain('{申请编号}');
});

it('who does not serve the customer writes notes only', async () => {
  const input = await open('c4', false);
  type(input, '/不是常用语');
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await waitFor(() => expect(addNote).toHaveBeenCalledWith('c4', '/不是常用语', 'note'));
  expect(reply).not.toHaveBeenCalled();
});

it('a failed message stays in the field and goes again as the same one', async () => {
  reply.mockRejectedValueOnce(new Error('network'));
  const input = await open('c5');
  type(input, '您好');
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await waitFor(() => expect(reply).toHaveBeenCalledTimes(1));
  await waitFor(() => expect(input.readOnly).toBe(false));
  expect(input.value).toBe('您好');
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  await waitFor(() => expect(reply).toHaveBeenCalledTimes(2));
  const [first, second] = reply.mock.calls.map(([, message]) => message.client_id);
  expect(second).toBe(first);
});

it('words that stand there when the customer is taken stay, and stay a note', async () => {
  const input = await open('c6', false);
  type(input, '客户很急');
  become(true);
  expect(field().value).toBe('客户很急');
  expect(screen.getByTestId('composer').dataset.target).toBe('note');
});

it('an empty field turns to the customer once taken, and the reply waits while somebody else has them', async () => {
  await open('c7', false);
  become(true);
  expect(screen.getByTestId('composer').dataset.target).toBe('reply');
  type(field(), '您好，');
  become(false);
  expect([screen.getByTestId('composer').dataset.target, field().value]).toEqual(['note', '']);
  become(true);
  expect(field().value).toBe('您好，');
});

it('a file is looked at first, goes when it is sent, and again as the same one after a failure', async () => {
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined }));
  const sendFile = vi.spyOn(deskApi, 'sendFile').mockRejectedValueOnce(new Error('network')).mockResolvedValue({ seq: 1, id: 'm', sender: 'agent', author_name: '', parts: [], client_id: null, at: '' });
  await open('c8');
  fireEvent.change(screen.getByTestId('file-input'), { target: { files: [new File(['x'], '截图.png', { type: 'image/png' })] } });
  expect(sendFile).not.toHaveBeenCalled();
  fireEvent.click(screen.getByTestId('file-send'));
  await waitFor(() => expect(sendFile).toHaveBeenCalledTimes(1));
  await waitFor(() => expect(field().readOnly).toBe(false));
  fireEvent.click(screen.getByTestId('file-send'));
  await waitFor(() => expect(screen.queryByTestId('file-to-send')).toBeNull());
  expect(sendFile.mock.calls[1]?.[1]).toBe(sendFile.mock.calls[0]?.[1]);
});
