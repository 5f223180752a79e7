import type { History, Mode, ModeState, Typing } from '../wire';
import type { MessageLog } from './messageStore';
import type { Entries } from './outbox';
import type { Upload } from './uploads';

export type LinkState = 'connecting' | 'online' | 'offline' | 'refused';

export interface ChatState {
  log: MessageLog;
  entries: Entries;
  uploads: readonly Upload[];
  mode: ModeState;
  typing: Typing['who'] | null;
  link: LinkState;
  /** What the customer thought of answers, by their `seq`. */
  opinions: Readonly<Record<string, boolean>>;
  /** What the customer should know before they go on. */
  notice: string | null;
  /** False until the log has come from the server for the first time. */
  isLoaded: boolean;
}

/** A history names the mode by its word or gives the whole state. */
export function modeOf(history: History): ModeState {
  if (typeof history.mode !== 'string') return history.mode;
  const mode: Mode = history.mode;
  return { mode, agent_name: history.agent_name ?? null, ahead: history.ahead ?? null };
}
