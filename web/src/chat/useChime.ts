import { useEffect, useMemo, useRef } from 'react';
import type { Message } from '../wire';
import { Chime } from './chime';

/** A sound for what others say from now on, if the customer wants one; what was there at the start is silent. */
export function useChime(messages: readonly Message[], isLoaded: boolean, isOn: boolean): void {
  const chime = useMemo(() => new Chime(), []);
  const heardSeq = useRef<number | null>(null);
  const lastSeq = messages.filter(({ sender }) => sender !== 'customer').at(-1)?.seq ?? 0;

  useEffect(() => {
    if (!isOn) return;
    const gestures = ['pointerdown', 'pointerup', 'keydown'] as const;
    gestures.forEach((gesture) => window.addEventListener(gesture, chime.wake));
    return () => gestures.forEach((gesture) => window.removeEventListener(gesture, chime.wake));
  }, [chime, isOn]);

  useEffect(() => {
    if (!isLoaded) return;
    if (isOn && heardSeq.current !== null && lastSeq > heardSeq.current) chime.play();
    heardSeq.current = lastSeq;
  }, [chime, isLoaded, isOn, lastSeq]);
}
