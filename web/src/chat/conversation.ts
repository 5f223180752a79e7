import { zh } from '../locales/zh';
import type { History, Message, Outgoing, Session, Typing } from '../wire';
import { modeOf, type ChatState } from './chatState';
import type { Link, LinkEvents, OpenLink } from './link';
import { EMPTY_LOG, leavesGap, withHistory, withMessage } from './messageStore';
import { acknowledged, added, discarded, nextWaiting, retried, settled, type Entries } from './outbox';
import { loadEntries, saveEntries } from './outboxKeep';
import { IdentityRefused, type SessionKeeper } from './session';
import type { Keep } from './storage';
import { Uploads, type SendFile } from './uploads';

export interface Collaborators {
  keeper: SessionKeeper;
  keep: Keep;
  openSession: (identity?: string) => Promise<Session>;
  openLink: OpenLink;
  newId: () => string;
  sendFile: SendFile;
  shrink: (file: File) => Promise<File>;
}

const RETRY_MS = 3000;
const TYPING_MS = 20_000;
const WAKE_MS = 4000;
const MAX_ATTEMPTS = 3;

/** One customer's conversation: the session, the line, what was said and what is still to be sent. */
export class Conversation {
  private state: ChatState = {
    log: EMPTY_LOG,
    entries: [],
    uploads: [],
    mode: { mode: 'bot', agent_name: null, ahead: null },
    typing: null,
    link: 'connecting',
    opinions: {},
    notice: null,
    isLoaded: false,
  };
  private readonly listeners = new Set<() => void>();
  private session: Session | null = null;
  private link: Link | null = null;
  private inFlight: string | null = null;
  private attempts = new Map<string, number>();
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private refusals = 0;

  private readonly uploads: Uploads;

  constructor(private readonly with_: Collaborators) {
    this.uploads = new Uploads({
      send: with_.sendFile,
      shrink: with_.shrink,
      newId: with_.newId,
      previews: { make: (file) => URL.createObjectURL(file), forget: (address) => URL.revokeObjectURL(address) },
      onChange: (uploads) => this.change({ uploads }),
    });
  }

  readonly read = (): ChatState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  async start(): Promise<void> {
    const known = await this.with_.keeper.load();
    const own = await this.signedIn();
    // Not kept: the next visitor at this computer may be somebody else.
    if (own) this.resume(own);
    else if (known) this.resume(known);
    else await this.begin();
  }

  stop(): void {
    clearTimeout(this.typingTimer);
    this.link?.close();
  }

  say(text: string): void {
    this.post({ client_id: this.with_.newId(), text });
  }

  press(payload: string, title: string): void {
    this.post({ client_id: this.with_.newId(), payload, title });
  }

  /** Shown only to a person: while the bot serves nobody looks. */
  typing(isTyping: boolean): void {
    if (this.state.mode.mode === 'human' || this.state.mode.mode === 'queued') this.link?.typing(isTyping);
  }

  sendFiles(files: readonly File[]): void {
    this.uploads.add(files);
  }

  retryUpload(clientId: string): void {
    this.uploads.retry(clientId);
  }

  discardUpload(clientId: string): void {
    this.uploads.discard(clientId);
  }

  retry(clientId: string): void {
    this.attempts.delete(clientId);
    this.keepEntries(retried(this.state.entries, clientId));
    void this.pump();
  }

  discard(clientId: string): void {
    this.keepEntries(discarded(this.state.entries, clientId));
  }

  /** A thumb on an answer; taken back where the service does not have it. */
  async rate(seq: number, isHelpful: boolean): Promise<void> {
    const before = this.state.opinions;
    this.change({ opinions: { ...before, [seq]: isHelpful } });
    const ack = await this.link?.rate({ seq, is_helpful: isHelpful }).catch(() => null);
    if (!ack?.ok) this.change({ opinions: before });
  }

  closeNotice(): void {
    this.change({ notice: null });
  }

  /** The device woke up or came back to the network: a line that looks open may have died in its sleep. */
  async wake(): Promise<void> {
    const { link } = this;
    if (!link || this.state.link === 'refused') return;
    const missed = link.isOpen ? await link.askSince(this.state.log.seenThrough, WAKE_MS).catch(() => null) : null;
    if (link !== this.link) return;
    if (missed) this.takeMissed(missed);
    else link.renew();
  }

  private post(outgoing: Outgoing): void {
    this.keepEntries(added(this.state.entries, outgoing, new Date().toISOString()));
    void this.pump();
  }

  /** The session of the customer whom the bank's page has signed in; null when it has not, or is not believed. */
  private async signedIn(): Promise<Session | null> {
    const identity = await this.with_.keeper.identity?.();
    if (!identity) return null;
    return this.with_.openSession(identity).catch((error: unknown) => {
      if (error instanceof IdentityRefused) this.change({ notice: zh.Notice.stillHere(error.message) });
      return null;
    });
  }

  /** A new session. What was written and not yet sent goes with the customer into it. */
  private async begin(): Promise<void> {
    try {
      const session = await this.with_.openSession();
      this.with_.keeper.save(session);
      this.resume(session);
    } catch {
      this.change({ link: 'offline' });
      setTimeout(() => void this.begin(), RETRY_MS);
    }
  }

  private resume(session: Session): void {
    const left = this.session;
    const unsent = this.state.entries.filter(({ state }) => state !== 'sent');
    if (left) saveEntries(this.with_.keep, left.conversation_id, []);
    this.link?.close();
    this.session = session;
    this.inFlight = null;
    const stored = loadEntries(this.with_.keep, session.conversation_id);
    this.change({ log: EMPTY_LOG, opinions: {} });
    this.keepEntries([...stored, ...unsent]);
    this.uploads.useSession(session.token);
    this.link = this.with_.openLink(session.token, () => this.state.log.seenThrough, this.events);
  }

  private readonly events: LinkEvents = {
    onOpen: () => this.change({ link: 'online' }),
    onLost: () => {
      this.inFlight = null;
      this.change({ link: 'offline', typing: null });
    },
    onRefused: (isSessionBad) => {
      this.change({ link: 'refused' });
      const again = () => (isSessionBad ? void this.begin() : this.session && this.resume(this.session));
      // An outdated session is replaced at once; one that is refused again and again must not become a tight circle.
      setTimeout(again, isSessionBad && this.refusals === 0 ? 0 : RETRY_MS);
      this.refusals += 1;
    },
    onHistory: (history) => {
      this.refusals = 0;
      this.change({ log: withHistory(this.state.log, history.messages), opinions: history.opinions ?? {}, isLoaded: true, mode: modeOf(history) });
      this.settle();
      // Only now: what was sent before the line broke is in this history if it arrived.
      void this.pump();
    },
    onMessage: (message) => this.receive(message),
    onMode: (mode) => this.change({ mode }),
    onTyping: ({ who, on }) => this.showTyping(on ? who : null),
  };

  private receive(message: Message): void {
    const { log } = this.state;
    if (leavesGap(log, message)) void this.fillGap(log.seenThrough);
    this.change({ log: withMessage(log, message) });
    if (message.sender === this.state.typing) this.showTyping(null);
    this.settle();
  }

  private async fillGap(since: number): Promise<void> {
    const missed = await this.link?.askSince(since).catch(() => null);
    // Unanswered: `seenThrough` has not moved, so the next reconnect asks again.
    if (missed) this.takeMissed(missed);
  }

  private takeMissed(missed: History): void {
    this.change({ log: withHistory(this.state.log, missed.messages), mode: modeOf(missed) });
    this.settle();
  }

  /** Sends what waits, one at a time: order holds because nothing leaves before its predecessor is answered. */
  private async pump(): Promise<void> {
    const next = nextWaiting(this.state.entries);
    if (!next || this.inFlight !== null || !this.link?.isOpen || !this.state.isLoaded) return;
    const { link } = this;
    const id = next.outgoing.client_id;
    this.inFlight = id;
    const ack = await link.send(next.outgoing).catch(() => null);
    if (link !== this.link || this.inFlight !== id) return; // the line broke meanwhile; its successor sends
    this.inFlight = null;
    if (ack) {
      this.attempts.delete(id);
      this.keepEntries(acknowledged(this.state.entries, id, ack));
      this.settle();
    } else {
      const tried = (this.attempts.get(id) ?? 0) + 1;
      this.attempts.set(id, tried);
      const error = { code: 'timeout', message: zh.Outbox.timeout };
      if (tried >= MAX_ATTEMPTS) this.keepEntries(acknowledged(this.state.entries, id, { ok: false, error }));
    }
    void this.pump();
  }

  private settle(): void {
    const arrived = new Set<string>();
    for (const { client_id } of this.state.log.messages) if (client_id) arrived.add(client_id);
    this.uploads.settle(arrived);
    const entries = settled(this.state.entries, arrived);
    if (entries !== this.state.entries) this.keepEntries(entries);
  }

  private showTyping(who: Typing['who'] | null): void {
    clearTimeout(this.typingTimer);
    this.change({ typing: who });
    if (who) this.typingTimer = setTimeout(() => this.change({ typing: null }), TYPING_MS);
  }

  private keepEntries(entries: Entries): void {
    this.change({ entries });
    if (this.session) saveEntries(this.with_.keep, this.session.conversation_id, entries);
  }

  private change(part: Partial<ChatState>): void {
    this.state = { ...this.state, ...part };
    this.listeners.forEach((listener) => listener());
  }
}
