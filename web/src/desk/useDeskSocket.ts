import { useEffect, useState } from 'react';
import { openDeskSocket, type DeskSocket } from './deskLink';

export interface DeskLine {
  socket: DeskSocket;
  isOnline: boolean;
  /** Counts the times the line came up: what depends on it loads anew, since events of the meantime are gone. */
  generation: number;
}

export function useDeskSocket(onSignedOut: () => void): DeskLine | null {
  const [line, setLine] = useState<DeskLine | null>(null);

  useEffect(() => {
    const socket = openDeskSocket();
    setLine({ socket, isOnline: false, generation: 0 });
    socket.on('connect', () => setLine((now) => ({ socket, isOnline: true, generation: (now?.generation ?? 0) + 1 })));
    socket.on('disconnect', () => setLine((now) => now && { ...now, isOnline: false }));
    socket.on('connect_error', () => {
      setLine((now) => now && { ...now, isOnline: false });
      // Not active any more: the service refused us, so the cookie is no longer good.
      if (!socket.active) onSignedOut();
    });
    return () => {
      socket.removeAllListeners();
      socket.disconnect();
    };
  }, [onSignedOut]);

  return line;
}
