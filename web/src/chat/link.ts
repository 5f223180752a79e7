import { io, type Socket } from 'socket.io-client';
import type { ChatClientEvents, ChatServerEvents, History, Message, ModeState, Opinion, OpinionAck, Outgoing, SendAck, Typing } from '../wire';

/** What happens on the line to the service. */
export interface LinkEvents {
  onOpen(): void;
  onLost(): void;
  /** The service answered and said no; `isSessionBad` when a new session would help. */
  onRefused(isSessionBad: boolean): void;
  onHistory(history: History): void;
  onMessage(message: Message): void;
  onMode(state: ModeState): void;
  onTyping(typing: Typing): void;
}

/** The line to the service; `socketLink` is the real one. */
export interface Link {
  readonly isOpen: boolean;
  /** Rejects when no answer came: whether it arrived is then unknown, and sending it again is safe. */
  send(outgoing: Outgoing): Promise<SendAck>;
  /** Rejects when no answer came in time. */
  askSince(since: number, withinMs?: number): Promise<History>;
  rate(opinion: Opinion): Promise<OpinionAck>;
  /** A new line at once, instead of at the end of a pause: the old one is dead, or the network is back. */
  renew(): void;
  /** Whoever serves the customer sees them write; lost without harm. */
  typing(isTyping: boolean): void;
  close(): void;
}

export type OpenLink = (token: string, since: () => number, events: LinkEvents) => Link;

const ACK_TIMEOUT_MS = 10_000;
const BAD_SESSION = /unauthori[sz]ed|401|token|session/i;

export const socketLink: OpenLink = (token, since, events) => {
  const socket: Socket<ChatServerEvents, ChatClientEvents> = io('/chat', {
    path: '/socket.io',
    // Asked for again on each reconnect, so that it resumes where it stopped.
    auth: (give) => give({ token, since: since() }),
    reconnectionDelay: 500,
    reconnectionDelayMax: 8000,
    timeout: 8000,
    // A Manager is cached for its address; a new session needs a line of its own.
    forceNew: true,
  });
  socket.on('connect', events.onOpen);
  socket.on('disconnect', (reason) => {
    events.onLost();
    // The server's own disconnect is the one case in which the client does not come back by itself.
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 1000);
  });
  socket.on('connect_error', (error) => {
    // Still active: the line could not be had and is tried again. Not active: the service itself said no.
    if (socket.active) events.onLost();
    else events.onRefused(BAD_SESSION.test(`${error.message} ${JSON.stringify((error as { data?: unknown }).data ?? '')}`));
  });
  socket.on('history', events.onHistory);
  socket.on('message', events.onMessage);
  socket.on('mode', events.onMode);
  socket.on('typing', events.onTyping);

  // `timeout` before each: without it an unanswered emit would wait for ever, and across reconnects.
  return {
    get isOpen() {
      return socket.connected;
    },
    send: (outgoing) => socket.timeout(ACK_TIMEOUT_MS).emitWithAck('send', outgoing),
    askSince: (from, withinMs = ACK_TIMEOUT_MS) => socket.timeout(withinMs).emitWithAck('since', { since: from }),
    rate: (opinion) => socket.timeout(ACK_TIMEOUT_MS).emitWithAck('opinion', opinion),
    renew: () => void socket.disconnect().connect(),
    typing: (isTyping) => void socket.volatile.emit('typing', { is_typing: isTyping }),
    close: () => {
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
};
