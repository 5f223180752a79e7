import { useEffect } from 'react';
import { useLoaded } from '../useLoaded';
import type { DeskLine } from '../useDeskSocket';
import type { ClockRing, DeskMessage } from '../wire';
import { promiseApi, type CustomerPromise } from './promiseApi';

/** What colleagues and the bot promise meanwhile is seen after so long. */
const EVERY_MS = 30_000;

export interface OpenPromises {
  /** Null until they were read. */
  promises: readonly CustomerPromise[] | null;
  failure: unknown;
  reload: () => void;
}

/** What is yet to be kept; read anew when a clock rings, when the desk spoke, and every half minute. */
export function usePromises(line: DeskLine | null): OpenPromises {
  const socket = line?.socket ?? null;
  const { value, failure, reload } = useLoaded('promises', promiseApi.open);
  const generation = line?.generation ?? 0;

  useEffect(() => {
    if (generation > 1) reload();
  }, [generation, reload]);

  useEffect(() => {
    const timer = setInterval(reload, EVERY_MS);
    if (!socket) return () => clearInterval(timer);
    const onClock = (ring: ClockRing) => ring.subject === 'promise' && reload();
    // An answer may keep a promise, a word of the system may tell of a new one.
    const onMessage = ({ message }: { message: DeskMessage }) => (message.sender === 'agent' || message.sender === 'system') && reload();
    socket.on('clock', onClock);
    socket.on('message', onMessage);
    return () => {
      clearInterval(timer);
      socket.off('clock', onClock);
      socket.off('message', onMessage);
    };
  }, [socket, reload]);

  return { promises: value, failure, reload };
}
