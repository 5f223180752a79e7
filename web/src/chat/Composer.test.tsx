// @vitest-environment jsdom
import { cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react';
import { createRef } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { Composer } from './Composer';

afterEach(cleanup);

function open() {
  const onSend = vi.fn<(text: string) => void>();
  const onFiles = vi.fn<(files: readonly File[]) => void>();
  render(<Composer inputRef={createRef<HTMLTextAreaElement>()} placeholder="" onSend={onSend} onFiles={onFiles} />);
  return { onSend, onFiles, input: screen.getByTestId<HTMLTextAreaElement>('chat-input') };
}

it('sends on Enter and empties the field', () => {
  const { onSend, input } = open();
  fireEvent.change(input, { target: { value: ' 月供多少 ' } });
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  expect(onSend.mock.calls).toEqual([['月供多少']]);
  expect(input.value).toBe('');
});

it('does not send while the input method is composing', () => {
  const { onSend, input } = open();
  fireEvent.change(input, { target: { value: 'yuegong' } });
  const composing = createEvent.keyDown(input, { key: 'Enter', keyCode: 13, isComposing: true });
  fireEvent(input, composing);
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 229 });
  expect(onSend).not.toHaveBeenCalled();
  expect(composing.defaultPrevented).toBe(false);
  expect(input.value).toBe('yuegong');
});

it('makes a line on Shift+Enter and sends nothing blank', () => {
  const { onSend, input } = open();
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  fireEvent.change(input, { target: { value: '一' } });
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13, shiftKey: true });
  expect(onSend).not.toHaveBeenCalled();
});

it('keeps text that is too long and says by how much', () => {
  const { onSend, input } = open();
  fireEvent.change(input, { target: { value: '长'.repeat(4003) } });
  fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 });
  expect(onSend).not.toHaveBeenCalled();
  expect(screen.getByRole('alert').textContent).toContain('3');
});

const picture = () => new File(['x'], '身份证.jpg', { type: 'image/jpeg' });

it('takes chosen files, also the same one twice', () => {
  const { onFiles } = open();
  const input = screen.getByTestId<HTMLInputElement>('file-input');
  const file = picture();
  fireEvent.change(input, { target: { files: [file] } });
  expect(onFiles.mock.calls).toEqual([[[file]]]);
  expect(input.value).toBe('');
});

it('takes a pasted picture and leaves pasted words alone', () => {
  const { onFiles, input } = open();
  const file = picture();
  fireEvent.paste(input, { clipboardData: { files: [] } });
  expect(onFiles).not.toHaveBeenCalled();
  fireEvent.paste(input, { clipboardData: { files: [file] } });
  expect(onFiles.mock.calls).toEqual([[[file]]]);
});

it('opens the camera from a button of its own', () => {
  open();
  expect(screen.getByTestId('camera-input').getAttribute('capture')).toBe('environment');
  expect(screen.getByTestId('file-input').getAttribute('capture')).toBeNull();
});
