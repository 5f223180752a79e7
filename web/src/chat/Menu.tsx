import { useEffect, useId, useRef, useState, useSyncExternalStore, type KeyboardEvent } from 'react';
import { zh } from '../locales/zh';
import type { WishBook } from './wishes';

interface Props {
  wishes: WishBook;
  /** Null while there is nothing to save. */
  onSaveTranscript: (() => void) | null;
}

/** How the customer wants the chat, and the conversation as a file: behind one button of the header. */
export function Menu({ wishes, onSaveTranscript }: Props) {
  const { isLarge, hasSound, theme } = useSyncExternalStore(wishes.subscribe, wishes.read);
  const [isOpen, setOpen] = useState(false);
  const holder = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  const isDark = theme === 'dark' || (theme === 'auto' && document.documentElement.dataset.theme === 'dark');

  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: PointerEvent) => {
      if (!holder.current?.contains(event.target as Node)) setOpen(false);
    };
    window.addEventListener('pointerdown', onPointer);
    return () => window.removeEventListener('pointerdown', onPointer);
  }, [isOpen]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation(); // one Escape closes one thing
    setOpen(false);
    button.current?.focus();
  };

  return (
    <div className="fx-menu-holder" ref={holder} onKeyDown={onKeyDown}>
      <button ref={button} type="button" className="fx-header-button" data-testid="menu" aria-label={zh.Menu.open} title={zh.Menu.open}
        aria-expanded={isOpen} aria-controls={isOpen ? panelId : undefined} onClick={() => setOpen(!isOpen)}>
        <svg viewBox="0 0 24 24" aria-hidden="true" fill="currentColor">
          <circle cx="5" cy="12" r="2" />
          <circle cx="12" cy="12" r="2" />
          <circle cx="19" cy="12" r="2" />
        </svg>
      </button>
      {isOpen ? (
        <div className="fx-menu" id={panelId} role="group" aria-label={zh.Menu.label}>
          <Switch testId="wish-large" words={zh.Menu.large} isOn={isLarge} onTurn={(isOn) => wishes.choose({ isLarge: isOn })} />
          <Switch testId="wish-sound" words={zh.Menu.sound} isOn={hasSound} onTurn={(isOn) => wishes.choose({ hasSound: isOn })} />
          <Switch testId="wish-dark" words={zh.Menu.dark} isOn={isDark} onTurn={(isOn) => wishes.choose({ theme: isOn ? 'dark' : 'light' })} />
          <button type="button" className="fx-menu-row" data-testid="save-transcript" disabled={!onSaveTranscript} onClick={() => onSaveTranscript?.()}>
            {zh.Menu.save}
          </button>
        </div>
      ) : null}
    </div>
  );
}

function Switch({ testId, words, isOn, onTurn }: { testId: string; words: string; isOn: boolean; onTurn: (isOn: boolean) => void }) {
  return (
    <button type="button" className="fx-menu-row" role="switch" aria-checked={isOn} data-testid={testId} onClick={() => onTurn(!isOn)}>
      {words}
      <span className="fx-switch" aria-hidden="true" />
    </button>
  );
}
