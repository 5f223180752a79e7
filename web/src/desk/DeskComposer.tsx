import { Button, Input, Segmented } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { lazy, Suspense, useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { newId } from '../chat/newId';
import { shrink } from '../chat/shrink';
import { isSendKey } from '../keyboard';
import { zh } from '../locales/zh';
import { deskApi, type Calculation } from './api';
import { filled, matching, searchIn, unfilled } from './canned';
import { CannedList } from './CannedList';
import { useDesk } from './deskContext';
import { draftOf, keepDraft } from './drafts';
import { EmojiPicker } from './EmojiPicker';
import { inserted } from './emojis';
import { FilePicker } from './FilePicker';
import { FileToSend } from './FileToSend';
import { SuggestionList } from './SuggestionList';
import { useKnown } from './useKnown';
import { useShortcuts } from './useShortcuts';
import { useTyping } from '../useTyping';
import type { CannedReply, NoteKind } from './wire';

const words = zh.desk.Composer;
const LIMIT = 4000;
const Calculators = lazy(() => import('./calculators/Calculators'));

type Target = 'reply' | NoteKind;

interface Props {
  conversationId: string;
  canReply: boolean;
  onRefused: (error: unknown) => void;
}

/** Where the agent writes: to the customer, or to colleagues only. */
export function DeskComposer({ conversationId, canReply, onRefused }: Props) {
  const { isSupervisor, line, open } = useDesk();
  const [target, setTarget] = useState<Target>(canReply ? 'reply' : isSupervisor ? 'whisper' : 'note');
  const [text, setText] = useState(() => (canReply ? draftOf(conversationId) : ''));
  // Kept until it is through: the same words sent again after a failure are recognised as the same message.
  const [draftId, setDraftId] = useState(newId);
  const [isSending, setSending] = useState(false);
  const [aid, setAid] = useState<'suggestions' | 'calculators' | null>(null);
  const [chosen, setChosen] = useState(0);
  // With the id that it keeps when sending is tried again.
  const [file, setFile] = useState<{ file: File; id: string } | null>(null);
  const input = useRef<TextAreaRef>(null);
  const known = useKnown(conversationId, canReply);
  const typing = useTyping((isTyping) => line?.socket.emit('typing', { conversation_id: conversationId, is_typing: isTyping }));

  const isReply = target === 'reply';
  const search = isReply ? searchIn(text) : null;
  const found = search === null ? null : matching(known.replies, search).slice(0, 8);
  const missing = isReply ? unfilled(text) : [];
  const over = [...text].length - LIMIT;
  const canSend = text.trim() !== '' && found === null && missing.length === 0 && over <= 0 && !isSending;

  const edit = (next: string) => {
    setText(next);
    setDraftId(newId());
    setChosen(0);
    if (!isReply) return;
    keepDraft(conversationId, next);
    typing(next !== '' && searchIn(next) === null);
  };
  const write = (next: string) => {
    setTarget('reply');
    edit(next);
    input.current?.focus({ cursor: 'end' });
  };
  // Somebody takes or loses the customer while words stand here: they stay, and stay meant for whom they were written.
  const couldReply = useRef(canReply);
  useEffect(() => {
    if (couldReply.current === canReply) return;
    couldReply.current = canReply;
    if (canReply && text === '') {
      setTarget('reply');
      setText(draftOf(conversationId));
    } else if (!canReply && target === 'reply') {
      setTarget(isSupervisor ? 'whisper' : 'note');
      setText('');
    }
  }, [canReply, conversationId, isSupervisor, target, text]);
  const put = (sign: string) => {
    const area = input.current?.resizableTextArea?.textArea;
    const next = inserted(text, area?.selectionStart ?? text.length, area?.selectionEnd ?? text.length, sign);
    edit(next.text);
    setTimeout(() => {
      area?.focus();
      area?.setSelectionRange(next.caret, next.caret);
    }, 0);
  };
  const chooseFile = (given: File) => setFile({ file: given, id: newId() });
  const onPaste = (event: ClipboardEvent) => {
    const [given] = event.clipboardData.files;
    if (!isReply || !given) return;
    event.preventDefault();
    chooseFile(given);
  };
  const toTarget = (next: Target) => {
    setTarget(next);
    setTimeout(() => input.current?.focus(), 0);
  };
  const through = async (sending: () => Promise<void>): Promise<boolean> => {
    setSending(true);
    try {
      await sending();
      return true;
    } catch (error) {
      onRefused(error);
      return false;
    } finally {
      setSending(false);
    }
  };
  const reply = (given: string, clientId: string) =>
    through(async () => open.add(await deskApi.reply(conversationId, { client_id: clientId, text: given })));
  const sendFile = () =>
    file && void through(async () => open.add(await deskApi.sendFile(conversationId, file.id, await shrink(file.file)))).then((sent) => sent && setFile(null));
  const sendCard = (calculation: Calculation) =>
    void through(async () => open.add(await deskApi.sendCard(conversationId, newId(), calculation))).then((sent) => sent && setAid(null));
  const sendReady = (given: string) => void reply(given, newId()).then((sent) => sent && setAid(null));
  const send = async () => {
    if (!canSend) return;
    const words = text.trim();
    const sent = isReply ? await reply(words, draftId) : await through(async () => open.addNote(await deskApi.addNote(conversationId, words, target)));
    if (!sent) return;
    typing(false);
    edit('');
    if (isReply) setAid((shown) => (shown === 'suggestions' ? null : shown));
    setTimeout(() => input.current?.focus(), 0);
  };
  const take = (canned: CannedReply) => write(filled(canned.text, known.values));
  const onKeyDown = (event: KeyboardEvent) => {
    const isComposing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (found !== null && !isComposing) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined && found.length > 0) {
        event.preventDefault();
        return setChosen((chosen + step + found.length) % found.length);
      }
      if (event.key === 'Escape') return edit('');
      if (event.key === 'Enter' || event.key === 'Tab') {
        const canned = found[chosen];
        if (canned) {
          event.preventDefault();
          return take(canned);
        }
      }
    }
    if (!isSendKey(event)) return;
    event.preventDefault();
    void send();
  };
  useShortcuts({
    KeyI: canReply ? () => toTarget('reply') : null,
    KeyN: () => toTarget('note'),
    KeyS: canReply ? () => setAid('suggestions') : null,
    KeyM: () => setAid('calculators'),
  });
  const targets = [
    ...(canReply ? [{ value: 'reply' as const, label: words.reply }] : []),
    { value: 'note' as const, label: words.note },
    ...(isSupervisor ? [{ value: 'whisper' as const, label: words.whisper }] : []),
  ];
  const hint = { reply: window.innerWidth < 700 ? words.hintShort : words.hint, note: words.noteHint, whisper: words.whisperHint }[target];
  return (
    <div className={`desk-composer is-${target}`} data-testid="composer" data-target={target}>
      {aid === 'suggestions' ? (
        <SuggestionList conversationId={conversationId} onTake={write} onSend={sendReady}
          onClose={() => setAid(null)} />
      ) : null}
      {found !== null ? <CannedList replies={found} chosen={chosen} onTake={take} /> : null}
      <Segmented<Target> size="small" value={target} options={targets} onChange={toTarget} aria-label={words.kind} className="desk-target" />
      <Input.TextArea ref={input} value={text} onChange={(event) => edit(event.target.value)} onKeyDown={onKeyDown} onPaste={onPaste} onBlur={() => typing(false)}
        autoSize={{ minRows: 2, maxRows: 8 }} placeholder={hint} aria-label={hint} readOnly={isSending} data-testid="desk-input" />
      {file && canReply ? <FileToSend file={file.file} isBusy={isSending} onSend={() => sendFile()} onCancel={() => setFile(null)} /> : null}
      {missing.length > 0 ? <p className="desk-warn" role="alert">{words.unfilled(missing.join('、'))}</p> : null}
      {over > 0 ? <p className="desk-warn" role="alert">{words.tooLong(over)}</p> : null}
      <div className="desk-composer-row">
        {canReply ? <Button onClick={() => setAid(aid === 'suggestions' ? null : 'suggestions')} data-testid="suggest">{words.suggest}</Button> : null}
        {canReply ? <Button onClick={() => write('/')} data-testid="canned">{words.canned}</Button> : null}
        <Button onClick={() => setAid('calculators')} data-testid="calculators">{words.calculators}</Button>
        {isReply ? <FilePicker onChoose={chooseFile} /> : null}
        <EmojiPicker onPick={put} />
        <Button type="primary" onClick={() => void send()} loading={isSending} disabled={!canSend} className="desk-send" data-testid="desk-send">
          {isReply ? words.send : words.sendNote}
        </Button>
      </div>
      <Suspense fallback={null}>
        {aid === 'calculators' ? (
          <Calculators canSend={canReply} onClose={() => setAid(null)}
            onTake={(given) => { setAid(null); write(given); }}
            onSend={sendCard} />
        ) : null}
      </Suspense>
    </div>
  );
}
