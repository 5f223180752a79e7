import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { zh } from '../../locales/zh';
import { deskApi } from '../api';
import { useDesk } from '../deskContext';
import { keepRevealed, revealedOf } from '../revealed';
import type { Secret } from '../wireScreens';

const words = zh.desk.Panel;
const RevealDialog = lazy(() => import('./RevealDialog'));

interface Props {
  conversationId: string;
  what: Secret;
  label: string;
  masked: string;
}

/** One of the customer's data, masked; shown in the clear after a reason was given. */
export function SecretLine({ conversationId, what, label, masked }: Props) {
  const { onError } = useDesk();
  const [clear, setClear] = useState(revealedOf(conversationId)[what] ?? null);
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const reveal = async (why: string) => {
    setBusy(true);
    try {
      const value = await deskApi.reveal(conversationId, what, why);
      keepRevealed(conversationId, what, value);
      setClear(value);
      setAsking(false);
    } catch (error) {
      onError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div data-testid={`secret-${what}`}>
      <dt>{label}</dt>
      <dd>
        {clear ?? masked}
        {clear === null ? <Button size="small" type="link" onClick={() => setAsking(true)} aria-label={`${words.show}${label}`} data-testid={`reveal-${what}`}>{words.show}</Button> : null}
      </dd>
      <Suspense fallback={null}>{isAsking ? <RevealDialog label={label} isBusy={isBusy} onReveal={(why) => void reveal(why)} onCancel={() => setAsking(false)} /> : null}</Suspense>
    </div>
  );
}
