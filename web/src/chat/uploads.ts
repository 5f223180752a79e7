import { zh } from '../locales/zh';
import type { SendAck, WireError } from '../wire';

/** A picture or file of the customer's on its way to the service. */
export interface Upload {
  clientId: string;
  file: File;
  /** An address of the picture for this page alone; null for a PDF. */
  preview: string | null;
  /** 0 to 1. */
  progress: number;
  state:
    | 'waiting' //: its turn has not come
    | 'sending'
    | 'sent' //: the server has it; shown until its message comes back
    | 'failed'; //: refused or unanswered; the customer decides
  error: WireError | null;
}

export interface Sending {
  /** Rejects when no answer came: whether it arrived is then unknown, and sending it again is safe. */
  done: Promise<SendAck>;
  cancel(): void;
}

export type SendFile = (token: string, clientId: string, file: File, onProgress: (share: number) => void) => Sending;

interface Collaborators {
  send: SendFile;
  /** A smaller copy of a large photograph, or the file itself. */
  shrink: (file: File) => Promise<File>;
  newId: () => string;
  previews: { make: (file: File) => string; forget: (address: string) => void };
  onChange: (uploads: readonly Upload[]) => void;
}

/** Sends files one at a time, in the order in which they were chosen. */
export class Uploads {
  private list: readonly Upload[] = [];
  private token: string | null = null;
  private current: { id: string; sending: Sending | null } | null = null;

  constructor(private readonly with_: Collaborators) {}

  /** Files go into the conversation of this session from now on. */
  useSession(token: string): void {
    this.token = token;
    void this.pump();
  }

  add(files: readonly File[]): void {
    const added = files.map((file): Upload => ({
      clientId: this.with_.newId(),
      file,
      preview: file.type.startsWith('image/') ? this.with_.previews.make(file) : null,
      progress: 0,
      state: 'waiting',
      error: null,
    }));
    this.keep([...this.list, ...added]);
    void this.pump();
  }

  /** The same id again: the server recognises it if it did arrive the first time. */
  retry(clientId: string): void {
    this.change(clientId, { state: 'waiting', progress: 0, error: null });
    void this.pump();
  }

  /** Stops it if it is under way, and takes it from the list. */
  discard(clientId: string): void {
    this.forget(({ clientId: id }) => id === clientId);
    if (this.current?.id !== clientId) return;
    this.current.sending?.cancel();
    this.current = null;
    void this.pump();
  }

  /** What now stands in the conversation itself is shown there. */
  settle(arrived: ReadonlySet<string>): void {
    if (this.list.some(({ clientId }) => arrived.has(clientId))) this.forget(({ clientId }) => arrived.has(clientId));
  }

  private async pump(): Promise<void> {
    const next = this.list.find(({ state }) => state === 'waiting');
    if (!next || this.current || this.token === null) return;
    const mine = { id: next.clientId, sending: null as Sending | null };
    this.current = mine;
    this.change(mine.id, { state: 'sending' });
    const file = await this.with_.shrink(next.file).catch(() => next.file);
    if (this.current !== mine) return; // taken back meanwhile
    mine.sending = this.with_.send(this.token, mine.id, file, (progress) => this.change(mine.id, { progress }));
    const ack = await mine.sending.done.catch((): SendAck => ({ ok: false, error: { code: 'network', message: zh.Upload.network } }));
    if (this.current !== mine) return;
    this.current = null;
    this.change(mine.id, ack.ok ? { state: 'sent', progress: 1 } : { state: 'failed', error: ack.error });
    void this.pump();
  }

  private change(clientId: string, part: Partial<Upload>): void {
    this.keep(this.list.map((upload) => (upload.clientId === clientId ? { ...upload, ...part } : upload)));
  }

  private forget(isMeant: (upload: Upload) => boolean): void {
    for (const upload of this.list) if (isMeant(upload) && upload.preview) this.with_.previews.forget(upload.preview);
    this.keep(this.list.filter((upload) => !isMeant(upload)));
  }

  private keep(list: readonly Upload[]): void {
    this.list = list;
    this.with_.onChange(list);
  }
}
