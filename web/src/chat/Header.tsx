import { zh } from '../locales/zh';
import { Menu } from './Menu';
import type { WishBook } from './wishes';

interface Props {
  title: string;
  subtitle: string;
  wishes: WishBook;
  onSaveTranscript: (() => void) | null;
  onClose: (() => void) | null;
}

export function Header({ title, subtitle, wishes, onSaveTranscript, onClose }: Props) {
  return (
    <header className="fx-header">
      <svg className="fx-logo" viewBox="0 0 32 32" aria-hidden="true">
        <path d="M5 15 16 6l11 9v10a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2z" fill="currentColor" opacity=".18" />
        <path d="M4 16 16 6l12 10M8 14v12h16V14" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" />
        <path d="M12 19h8M12 23h5" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />
      </svg>
      <div className="fx-header-words">
        <h1>{title}</h1>
        <p>{subtitle}</p>
      </div>
      <Menu wishes={wishes} onSaveTranscript={onSaveTranscript} />
      {onClose ? (
        <button type="button" className="fx-header-button" aria-label={zh.ChatPage.close} data-testid="chat-close" onClick={onClose}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="m6 6 12 12M18 6 6 18" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
          </svg>
        </button>
      ) : null}
    </header>
  );
}
