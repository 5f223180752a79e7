import { useEffect, useState } from 'react';
import type { DeskLine } from './useDeskSocket';

export type Unread = ReadonlyMap<string, number>;

/** What customers wrote in watched conversations that are not open before the agent's eyes. */
export function useUnread(line: DeskLine | null, openConversation: string | null): Unread {
  const [unread, setUnread] = useState<Unread>(new Map());
  const socket = line?.socket ?? null;

  useEffect(() => {
    if (!socket) return;
    const onMessage = (event: { conversation_id: string; message: { sender: string } }) => {
      if (event.message.sender !== 'customer') return;
      if (event.conversation_id === openConversation && !document.hidden) return;
      setUnread((known) => new Map(known).set(event.conversation_id, (known.get(event.conversation_id) ?? 0) + 1));
    };
    socket.on('message', onMessage);
    return () => void socket.off('message', onMessage);
  }, [socket, openConversation]);

  useEffect(() => {
    const read = () => {
      if (document.hidden || openConversation === null) return;
      setUnread((known) => (known.has(openConversation) ? new Map([...known].filter(([id]) => id !== openConversation)) : known));
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [openConversation]);

  return unread;
}
