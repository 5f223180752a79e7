import { useCallback, useEffect, useState } from 'react';
import { deskApi } from './api';
import type { DeskLine } from './useDeskSocket';
import type { DeskMessage, Transcript } from './wire';

/** The open conversation, kept current while it is watched. */
export function useTranscript(line: DeskLine | null, conversationId: string | null, onError: (error: unknown) => void) {
  const [transcript, setTranscript] = useState<Transcript | null>(null);
  const socket = line?.socket ?? null;
  const generation = line?.generation ?? 0;

  const reload = useCallback(async () => {
    if (conversationId === null) return setTranscript(null);
    try {
      const loaded = await deskApi.transcript(conversationId);
      setTranscript((now) => (now && now.conversation.id !== loaded.conversation.id ? now : withMissing(loaded, now)));
    } catch (error) {
      onError(error);
    }
  }, [conversationId, onError]);

  useEffect(() => setTranscript(null), [conversationId]);
  useEffect(() => void reload(), [reload, generation]);

  useEffect(() => {
    if (!socket || conversationId === null) return;
    const watch = () => socket.emit('watch', { conversation_id: conversationId }, () => undefined);
    if (socket.connected) watch();
    const onMessage = (event: { conversation_id: string; message: DeskMessage }) => {
      if (event.conversation_id !== conversationId) return;
      setTranscript((now) => now && withMessage(now, event.message));
      // What was understood is stored with the turn, not with the message: read it once the bot has answered.
      if (event.message.sender === 'bot') void reload();
    };
    const onMode = (event: { conversation_id: string }) => {
      if (event.conversation_id === conversationId) void reload();
    };
    socket.on('connect', watch);
    socket.on('message', onMessage);
    socket.on('mode', onMode);
    return () => {
      socket.off('connect', watch);
      socket.off('message', onMessage);
      socket.off('mode', onMode);
      if (socket.connected) socket.emit('unwatch', { conversation_id: conversationId });
    };
  }, [socket, conversationId, reload]);

  const add = useCallback((message: DeskMessage) => setTranscript((now) => now && withMessage(now, message)), []);
  return { transcript, add, reload };
}

export function withMessage(transcript: Transcript, message: DeskMessage): Transcript {
  if (transcript.messages.some(({ seq }) => seq === message.seq)) return transcript;
  const messages = [...transcript.messages, message].sort((a, b) => a.seq - b.seq);
  return { ...transcript, messages };
}

/** What was loaded, and what arrived live while it was on its way. */
function withMissing(loaded: Transcript, shown: Transcript | null): Transcript {
  const last = loaded.messages.at(-1)?.seq ?? 0;
  const newer = shown?.messages.filter(({ seq }) => seq > last) ?? [];
  return newer.reduce(withMessage, loaded);
}
