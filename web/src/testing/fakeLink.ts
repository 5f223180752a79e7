import type { Link, LinkEvents, OpenLink } from '../chat/link';
import type { History, Opinion, Outgoing, SendAck } from '../wire';

interface Pending {
  outgoing: Outgoing;
  answer: (ack: SendAck) => void;
  fail: () => void;
}

/** A line whose every answer the test gives by hand. */
export class FakeLine {
  events!: LinkEvents;
  tokens: string[] = [];
  pending: Pending[] = [];
  missed: History = { messages: [], mode: 'bot' };
  askedSince: number[] = [];
  typed: boolean[] = [];
  rated: Opinion[] = [];
  renewed = 0;
  /** The line looks open and answers nothing any more. */
  isDead = false;
  since: () => number = () => -1;
  isOpen = false;

  readonly open: OpenLink = (token, since, events) => {
    this.tokens.push(token);
    this.since = since;
    this.events = events;
    const isOpen = () => this.isOpen;
    const link: Link = {
      get isOpen() {
        return isOpen();
      },
      send: (outgoing) =>
        new Promise((resolve, reject) => this.pending.push({ outgoing, answer: resolve, fail: () => reject(new Error('timeout')) })),
      askSince: (from) => {
        this.askedSince.push(from);
        return this.isDead ? Promise.reject(new Error('timeout')) : Promise.resolve(this.missed);
      },
      rate: (opinion) => {
        this.rated.push(opinion);
        return this.isOpen ? Promise.resolve({ ok: true }) : Promise.reject(new Error('timeout'));
      },
      renew: () => void (this.renewed += 1),
      typing: (isTyping) => void this.typed.push(isTyping),
      close: () => undefined,
    };
    return link;
  };

  connect(history: Partial<History> = {}): void {
    this.isOpen = true;
    this.events.onOpen();
    this.events.onHistory({ messages: [], mode: 'bot', ...history });
  }

  lose(): void {
    this.isOpen = false;
    this.pending = [];
    this.events.onLost();
  }

  /** What has been sent and waits for an answer. */
  get sent(): string[] {
    return this.pending.map(({ outgoing }) => ('text' in outgoing ? outgoing.text : outgoing.payload));
  }

  async answer(ack: SendAck): Promise<void> {
    this.pending.shift()?.answer(ack);
    await settle();
  }

  async fail(): Promise<void> {
    this.pending.shift()?.fail();
    await settle();
  }
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
