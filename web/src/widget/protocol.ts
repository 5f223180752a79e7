/** What the loader on the host page and the chat page in its iframe say to each other by postMessage. */
import type { Session } from '../wire';

export type FromHost =
  /** `identity`: the bank's signed word for who the visitor is, where its page gives one. */
  | { fangxin: 'hello'; session: Session | null; wishes: string | null; identity?: string }
  | { fangxin: 'visible'; visible: boolean };

export type FromFrame =
  | { fangxin: 'ready' }
  | { fangxin: 'session'; session: Session }
  /** How the visitor wants the chat, to be given back on their next visit: a frame's own storage may be short-lived. */
  | { fangxin: 'wishes'; wishes: string }
  | { fangxin: 'unread'; count: number }
  | { fangxin: 'close' };
