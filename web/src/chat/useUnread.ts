import { useEffect, useState } from 'react';
import type { Message } from '../wire';
import type { HostBridge } from './hostBridge';

/** Tells the host page how many messages came while the chat was folded away; gives back whether it is unfolded. */
export function useUnread(host: HostBridge | null, messages: readonly Message[]): boolean {
  const [isVisible, setVisible] = useState(true);
  const [seenSeq, setSeenSeq] = useState(0);
  const lastSeq = messages.at(-1)?.seq ?? 0;

  useEffect(() => host?.onVisible(setVisible), [host]);
  useEffect(() => {
    if (isVisible) setSeenSeq(lastSeq);
  }, [isVisible, lastSeq]);

  const unread = isVisible
    ? 0
    : messages.filter(({ seq, sender }) => seq > seenSeq && sender !== 'customer').length;
  useEffect(() => host?.reportUnread(unread), [host, unread]);
  return isVisible;
}
