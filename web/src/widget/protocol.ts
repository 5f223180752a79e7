/** What the loader on the host page and the chat page in its iframe say to each other by postMessage. */
import type { Session } from '../wire';

export type FromHost =
  /** `identity`: the bank's signed word for who the visitor is, where its page gives one. */
  | { fangxin: 'hello'; session: Session | null; identity?: string }
  | { fangxin: 'visible'; visible: boolean };

export type FromFrame =
  | { fangxin: 'ready' }
  | { fangxin: 'session'; session: Session }
  | { fangxin: 'unread'; count: number }
  | { fangxin: 'close' };
