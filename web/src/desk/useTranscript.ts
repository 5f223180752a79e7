import { useCallback, useEffect, useRef, useState } from 'react';
import { deskApi } from './api';
import type { DeskLine } from './useDeskSocket';
import type { DeskMessage, Note, Transcript } from './wire';

/** The customer stopped without saying so: their line broke. */
const TYPING_MS = 8000;

export interface OpenConversation {
  transcript: Transcript | null;
  /** The conversation's own notes and those of the customer's earlier ones. */
  notes: Note[];
  isTyping: boolean;
  failure: unknown;
  add: (message: DeskMessage) => void;
  addNote: (note: Note) => void;
  reload: () => Promise<void>;
}

/** The open conversation, kept current while it is watched (`useWatch`). */
export function useTranscript(line: DeskLine | null, conversationId: string | null): OpenConversation {
  const [transcript, setTranscript] = useState<Transcript | null>(null);
  const [notes, setNotes] = useState<Note[]>([]);
  const [isTyping, setTyping] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const wanted = useRef(conversationId);
  wanted.current = conversationId;
  const socket = line?.socket ?? null;
  const generation = line?.generation ?? 0;

  const reload = useCallback(async () => {
    if (conversationId === null) return;
    try {
      const [loaded, found] = await Promise.all([deskApi.transcript(conversationId), deskApi.notes(conversationId)]);
      if (wanted.current !== conversationId) return;
      setTranscript((now) => withMissing(loaded, now));
      setNotes(found);
      setFailure(null);
    } catch (error) {
      if (wanted.current === conversationId) setFailure(error);
    }
  }, [conversationId]);

  useEffect(() => {
    setTranscript(null);
    setNotes([]);
    setTyping(false);
    setFailure(null);
  }, [conversationId]);

  useEffect(() => void reload(), [reload, generation]);

  const add = useCallback((message: DeskMessage) => setTranscript((now) => now && withMessage(now, message)), []);
  const addNote = useCallback((note: Note) => setNotes((now) => (now.some(({ id }) => id === note.id) ? now : [...now, note])), []);

  useEffect(() => {
    if (!socket || conversationId === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const showTyping = (on: boolean) => {
      clearTimeout(timer);
      setTyping(on);
      if (on) timer = setTimeout(() => setTyping(false), TYPING_MS);
    };
    const here = <Event extends { conversation_id: string }>(react: (event: Event) => void) => (event: Event) => {
      if (event.conversation_id === conversationId) react(event);
    };
    const onMessage = here((event: { conversation_id: string; message: DeskMessage }) => {
      add(event.message);
      if (event.message.sender === 'customer') showTyping(false);
      // What was understood is stored with the turn, not with the message: read it once the bot has answered.
      if (event.message.sender === 'bot') void reload();
    });
    const onMode = here(() => void reload());
    const onNote = here((event: { conversation_id: string; note: Note }) => addNote(event.note));
    const onTyping = here((event: { conversation_id: string; is_typing: boolean }) => showTyping(event.is_typing));
    socket.on('message', onMessage);
    socket.on('mode', onMode);
    socket.on('note', onNote);
    socket.on('typing', onTyping);
    return () => {
      clearTimeout(timer);
      socket.off('message', onMessage);
      socket.off('mode', onMode);
      socket.off('note', onNote);
      socket.off('typing', onTyping);
    };
  }, [socket, conversationId, reload, add, addNote]);

  const isHere = transcript?.conversation.id === conversationId;
  return { transcript: isHere ? transcript : null, notes, isTyping, failure, add, addNote, reload };
}

export function withMessage(transcript: Transcript, message: DeskMessage): Transcript {
  if (transcript.messages.some(({ seq }) => seq === message.seq)) return transcript;
  const messages = [...transcript.messages, message].sort((a, b) => a.seq - b.seq);
  return { ...transcript, messages };
}

/** What was loaded, and what arrived live while it was on its way. */
function withMissing(loaded: Transcript, shown: Transcript | null): Transcript {
  if (shown?.conversation.id !== loaded.conversation.id) return loaded;
  const last = loaded.messages.at(-1)?.seq ?? 0;
  const newer = shown.messages.filter(({ seq }) => seq > last);
  return newer.reduce(withMessage, loaded);
}
