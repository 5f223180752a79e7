import { Input } from '../chatui';
import { useState, type ClipboardEvent, type KeyboardEvent, type RefObject } from 'react';
import { isSendKey } from '../keyboard';
import { zh } from '../locales/zh';
import { useTyping } from '../useTyping';
import { FileButtons } from './FileButtons';

const LIMIT = 4000;
const NEAR_LIMIT = 200;

interface Props {
  inputRef: RefObject<HTMLTextAreaElement>;
  placeholder: string;
  onSend: (text: string) => void;
  onFiles: (files: readonly File[]) => void;
  onTyping?: (isTyping: boolean) => void;
}

const ignored = () => undefined;

/** Where the customer writes. Enter sends, Shift+Enter makes a line; text that is too long stays here and says so. */
export function Composer({ inputRef, placeholder, onSend, onFiles, onTyping = ignored }: Props) {
  const [text, setText] = useState('');
  const typing = useTyping(onTyping);
  const left = LIMIT - [...text].length;
  const canSend = text.trim() !== '' && left >= 0;

  const edit = (next: string) => {
    setText(next);
    typing(next !== '');
  };
  const send = () => {
    if (!canSend) return;
    typing(false);
    onSend(text.trim());
    setText('');
    inputRef.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isSendKey(event)) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault(); // a copied picture often brings its address along as text
    onFiles(files);
  };
  return (
    <form className="fx-composer" onSubmit={(event) => { event.preventDefault(); send(); }}>
      {left < NEAR_LIMIT ? (
        <p className={left < 0 ? 'fx-count fx-count-over' : 'fx-count'} role={left < 0 ? 'alert' : undefined}>
          {left < 0 ? zh.Composer.tooLong(-left) : zh.Composer.nearLimit(left)}
        </p>
      ) : null}
      <div className="fx-composer-row" onPaste={onPaste}>
        <FileButtons onFiles={onFiles} />
        <Input ref={inputRef} className="fx-input" value={text} onChange={edit} onBlur={() => typing(false)} onKeyDown={onKeyDown} autoSize maxRows={5}
          placeholder={placeholder} aria-label={zh.Composer.label} enterKeyHint="send" autoComplete="off" data-testid="chat-input" />
        <button type="submit" className="fx-send" data-testid="chat-send" disabled={!canSend}>
          {zh.Composer.send}
        </button>
      </div>
    </form>
  );
}
