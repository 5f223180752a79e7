import { useEffect, useState } from 'react';
import { zh } from '../locales/zh';
import { deskApi } from './api';
import { useDesk } from './deskContext';
import { revealedOf } from './revealed';
import type { CannedReply } from './wire';

export interface Known {
  replies: CannedReply[];
  /** What the variables of a reply stand for; null where it is not known. */
  values: Readonly<Record<string, string | null>>;
}

/** Canned replies, and what fills them. Without them an agent still writes: a failure is only an empty list. */
export function useKnown(conversationId: string, isWanted: boolean): Known {
  const { agent } = useDesk();
  const [replies, setReplies] = useState<CannedReply[]>([]);
  const [applicationNo, setApplicationNo] = useState<string | null>(null);

  useEffect(() => {
    if (!isWanted) return;
    let isCurrent = true;
    deskApi.replies().then((found) => isCurrent && setReplies(found), () => undefined);
    deskApi.customer(conversationId).then(
      (customer) => isCurrent && setApplicationNo(customer.is_verified ? (customer.applications[0]?.application_no ?? null) : null),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [conversationId, isWanted]);

  const name = revealedOf(conversationId).name ?? zh.desk.Composer.customerWord;
  return { replies, values: { 客户: name, 坐席: agent.display_name, 申请编号: applicationNo } };
}
