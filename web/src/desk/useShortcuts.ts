import { useEffect, useRef } from 'react';

/**
 * Alt with a key, wherever the cursor stands; what is `null` does nothing now.
 *
 * By the key's place and not by what it types: with Alt a Mac types other characters, and a Chinese input method others again.
 */
export function useShortcuts(keys: Readonly<Record<string, (() => void) | null>>): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
      const act = now.current[event.code];
      // An open dialog has the keyboard for itself.
      if (!act || document.querySelector('.ant-modal-wrap:not([style*="display: none"])')) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
