import { useCallback, useEffect, useRef } from 'react';

const AGAIN_MS = 3000;

/**
 * Say that somebody writes, no more often than every three seconds; `false` once they stopped or sent it.
 *
 * The other side forgets it after a while by itself.
 */
export function useTyping(tell: (isTyping: boolean) => void): (isTyping: boolean) => void {
  const told = useRef(0);
  const teller = useRef(tell);
  teller.current = tell;

  const stop = useCallback(() => {
    if (told.current === 0) return;
    told.current = 0;
    teller.current(false);
  }, []);
  useEffect(() => stop, [stop]);

  return useCallback(
    (isTyping: boolean) => {
      if (!isTyping) return stop();
      const now = Date.now();
      if (now - told.current < AGAIN_MS) return;
      told.current = now;
      teller.current(true);
    },
    [stop],
  );
}
