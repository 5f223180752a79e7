import { io, type Socket } from 'socket.io-client';
import type { DeskClientEvents, DeskServerEvents } from './wire';

export type DeskSocket = Socket<DeskServerEvents, DeskClientEvents>;

/** The desk's live line; the cookie of the login tells who we are. */
export function openDeskSocket(): DeskSocket {
  const socket: DeskSocket = io('/desk', {
    path: '/socket.io',
    withCredentials: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 8000,
    forceNew: true,
  });
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 1000);
  });
  return socket;
}
