import { useEffect, useRef } from 'react';
import type { DeskLine } from './useDeskSocket';

/** Hear what happens in these conversations; asked anew each time the line comes up. */
export function useWatch(line: DeskLine | null, conversations: readonly string[]): void {
  const watched = useRef<{ generation: number; ids: Set<string> }>({ generation: 0, ids: new Set() });
  const socket = line?.socket ?? null;
  const generation = line?.isOnline ? line.generation : 0;
  const wanted = [...new Set(conversations)].sort().join(' ');

  useEffect(() => {
    if (!socket || generation === 0) return;
    if (watched.current.generation !== generation) watched.current = { generation, ids: new Set() };
    const now = watched.current.ids;
    const ids = new Set(wanted.split(' ').filter(Boolean));
    for (const id of ids) if (!now.has(id)) socket.emit('watch', { conversation_id: id }, () => undefined);
    for (const id of now) if (!ids.has(id)) socket.emit('unwatch', { conversation_id: id });
    watched.current.ids = ids;
  }, [socket, generation, wanted]);
}
