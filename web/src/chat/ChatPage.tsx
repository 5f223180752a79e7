import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type DragEvent } from 'react';
import { zh } from '../locales/zh';
import type { Option } from '../wire';
import { Composer } from './Composer';
import { ConnectionState } from './ConnectionState';
import type { Conversation } from './conversation';
import { Header } from './Header';
import type { HostBridge } from './hostBridge';
import { MessageList } from './MessageList';
import { ModeBar } from './ModeBar';
import { Notice } from './Notice';
import { saveText, transcriptOf } from './transcript';
import { useChime } from './useChime';
import { useConversation } from './useConversation';
import { useUnread } from './useUnread';
import { useWake } from './useWake';
import type { WishBook } from './wishes';

interface Props {
  conversation: Conversation;
  host: HostBridge | null;
  title: string;
  subtitle: string;
  wishes: WishBook;
}

export function ChatPage({ conversation, host, title, subtitle, wishes }: Props) {
  const state = useConversation(conversation);
  const isVisible = useUnread(host, state.log.messages);
  const { hasSound } = useSyncExternalStore(wishes.subscribe, wishes.read);
  useChime(state.log.messages, state.isLoaded, hasSound);
  useWake(useCallback(() => void conversation.wake(), [conversation]));
  const input = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    // On a phone the focus would throw the keyboard over the first words.
    if (isVisible && window.matchMedia('(hover: hover)').matches) input.current?.focus();
  }, [isVisible]);
  useEffect(() => {
    if (!host) return;
    const onKey = (event: KeyboardEvent) => {
      // Escape also dismisses the input method's list of candidates; then it is not meant for us.
      if (event.key === 'Escape' && !event.isComposing && event.keyCode !== 229) host.close();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [host]);

  const press = useCallback((payload: string, label: string) => conversation.press(payload, label), [conversation]);
  const choose = useCallback((option: Option) => conversation.press(option.payload, option.title), [conversation]);
  const rate = useCallback((seq: number, isHelpful: boolean) => void conversation.rate(seq, isHelpful), [conversation]);
  const { messages } = state.log;
  const saveTranscript = messages.length > 0 ? () => saveText(transcriptOf(messages, title), zh.Transcript.fileName) : null;
  const say = useCallback((text: string) => conversation.say(text), [conversation]);
  const typing = useCallback((isTyping: boolean) => conversation.typing(isTyping), [conversation]);
  const retry = useCallback((id: string) => conversation.retry(id), [conversation]);
  const discard = useCallback((id: string) => conversation.discard(id), [conversation]);

  const sendFiles = useCallback((files: readonly File[]) => conversation.sendFiles(files), [conversation]);
  const retryUpload = useCallback((id: string) => conversation.retryUpload(id), [conversation]);
  const discardUpload = useCallback((id: string) => conversation.discardUpload(id), [conversation]);
  const [isOver, setOver] = useState(false);
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(true);
  };
  const onDrop = (event: DragEvent) => {
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length === 0) return;
    event.preventDefault(); // or the browser would leave the chat to show the file
    sendFiles(files);
  };

  return (
    <main className="fx-chat" onDragOver={onDragOver} onDragLeave={() => setOver(false)} onDrop={onDrop}>
      {isOver ? <div className="fx-drop">{zh.Upload.drop}</div> : null}
      <Header title={title} subtitle={subtitle} wishes={wishes} onSaveTranscript={saveTranscript} onClose={host ? host.close : null} />
      {state.notice ? <Notice words={state.notice} onClose={() => conversation.closeNotice()} /> : null}
      <ModeBar state={state.mode} onPress={press} />
      <ConnectionState link={state.link} />
      <MessageList state={state} onChoose={choose} onRate={rate} onSuggest={say} onRetry={retry} onDiscard={discard}
        onRetryUpload={retryUpload} onDiscardUpload={discardUpload} />
      <Composer
        inputRef={input}
        onSend={say}
        onFiles={sendFiles}
        onTyping={typing}
        placeholder={state.mode.mode === 'human' ? zh.Composer.placeholderHuman : zh.Composer.placeholder}
      />
    </main>
  );
}
