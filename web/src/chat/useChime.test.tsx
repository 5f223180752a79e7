import { cleanup, fireEvent, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { message } from '../testing/messages';
import type { Message } from '../wire';
import { useChime } from './useChime';

let notes: number;
let canSound: boolean;

beforeEach(() => {
  notes = 0;
  canSound = true;
  const gain = { setValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined };
  vi.stubGlobal('AudioContext', class {
    state = 'running';
    currentTime = 0;
    resume = () => Promise.resolve();
    createGain = () => ({ gain, connect: (next: unknown) => next });
    createOscillator = () => ({
      frequency: { value: 0 },
      connect: (next: unknown) => next,
      start: () => {
        if (!canSound) throw new Error('no device');
        notes += 1;
      },
      stop: () => undefined,
    });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Page({ messages, isOn }: { messages: Message[]; isOn: boolean }) {
  useChime(messages, true, isOn);
  return <p>{messages.length}</p>;
}

/** A page with one old message, which the customer has touched, and then gets more. */
function hear(isOn: boolean, ...more: Message[]) {
  const { rerender, container } = render(<Page messages={[message(1)]} isOn={isOn} />);
  fireEvent.pointerUp(container);
  rerender(<Page messages={[message(1), ...more]} isOn={isOn} />);
  return container.textContent;
}

it('sounds for what others say from now on, and for a burst once', () => {
  hear(true, message(2), message(3));
  expect(notes).toBe(2); // one sound of two notes
});

it('is silent where it is not wished, and for the customer\'s own words', () => {
  hear(false, message(2));
  hear(true, message(2, { sender: 'customer' }));
  expect(notes).toBe(0);
});

it('never takes the page along when the device has no sound', () => {
  canSound = false;
  expect(hear(true, message(2))).toBe('2');
});
