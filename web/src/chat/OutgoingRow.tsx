import { Bubble } from '../chatui';
import { zh } from '../locales/zh';
import { PlainText } from '../parts/PlainText';
import type { OutboxEntry } from './outbox';

interface Props {
  entry: OutboxEntry;
  text: string;
  onRetry: (clientId: string) => void;
  onDiscard: (clientId: string) => void;
}

/** Something of the customer's that is not yet in the log, and what has become of it. */
export function OutgoingRow({ entry, text, onRetry, onDiscard }: Props) {
  const id = entry.outgoing.client_id;
  return (
    <div className="fx-message fx-from-customer" data-testid="message" data-sender="customer" data-state={entry.state}>
      <span className="fx-unseen-label">{zh.MessageList.you}</span>
      <Bubble type="text">
        <PlainText text={text} />
      </Bubble>
      {entry.state === 'failed' ? (
        <div className="fx-failed" role="alert">
          <span>
            {zh.Outbox.failed}
            {entry.error ? `：${entry.error.message}` : ''}
          </span>
          <span className="fx-failed-actions">
            <button type="button" data-testid="retry" onClick={() => onRetry(id)}>
              {zh.Outbox.retry}
            </button>
            <button type="button" onClick={() => onDiscard(id)}>
              {zh.Outbox.discard}
            </button>
          </span>
        </div>
      ) : (
        <span className="fx-sending">{zh.Outbox[entry.state]}</span>
      )}
    </div>
  );
}
