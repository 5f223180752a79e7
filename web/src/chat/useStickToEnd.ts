import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

const NEAR = 80;

/**
 * Keeps a growing list at its end, unless the reader scrolled up to read; what the reader says themselves is always shown.
 *
 * What is inside may also grow later (a chart that loads, a detail that opens), so its size is watched as well.
 */
export function useStickToEnd(lastKey: string | undefined, isLastOwn: boolean) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [hasUnseen, setUnseen] = useState(false);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
    isAtEnd.current = true;
    setUnseen(false);
  }, []);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (isAtEnd.current) setUnseen(false);
  }, []);

  useLayoutEffect(() => {
    if (isAtEnd.current || isLastOwn) toEnd();
    else if (lastKey !== undefined) setUnseen(true);
  }, [lastKey, isLastOwn, toEnd]);

  useEffect(() => {
    if (!content.current || !scroller.current || typeof ResizeObserver === 'undefined') return;
    const watcher = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd();
    });
    watcher.observe(content.current);
    watcher.observe(scroller.current);
    return () => watcher.disconnect();
  }, [toEnd]);

  return { scroller, content, onScroll, hasUnseen, toEnd };
}
