import { zh } from '../locales/zh';
import { fileSize } from '../parts/address';
import type { Upload } from './uploads';

interface Props {
  upload: Upload;
  onRetry: (clientId: string) => void;
  onDiscard: (clientId: string) => void;
}

/** A picture or file of the customer's that is not yet in the log: how far it is, and what can be done about it. */
export function UploadRow({ upload, onRetry, onDiscard }: Props) {
  const { clientId, file, preview, progress, state, error } = upload;
  return (
    <div className="fx-message fx-from-customer" data-testid="upload" data-state={state}>
      <span className="fx-unseen-label">{zh.MessageList.you}</span>
      {preview ? (
        <span className="fx-image">
          <img src={preview} alt={zh.Upload.picture} />
        </span>
      ) : (
        <span className="fx-file">
          <span className="fx-file-sign" aria-hidden="true">PDF</span>
          <span className="fx-file-name">
            {file.name}
            <small>{fileSize(file.size)}</small>
          </span>
        </span>
      )}
      {state === 'failed' ? (
        <div className="fx-failed" role="alert">
          <span>
            {zh.Outbox.failed}
            {error ? `：${error.message}` : ''}
          </span>
          <span className="fx-failed-actions">
            <button type="button" data-testid="upload-retry" onClick={() => onRetry(clientId)}>{zh.Outbox.retry}</button>
            <button type="button" data-testid="upload-discard" onClick={() => onDiscard(clientId)}>{zh.Outbox.discard}</button>
          </span>
        </div>
      ) : (
        <div className="fx-upload">
          <progress max={1} value={progress} aria-label={zh.Upload.progress} />
          <span className="fx-sending">{state === 'sent' ? zh.Outbox.sent : zh.Upload.share(Math.round(progress * 100))}</span>
          {state === 'sent' ? null : (
            <button type="button" className="fx-upload-cancel" data-testid="upload-cancel" onClick={() => onDiscard(clientId)}>
              {zh.Upload.cancel}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
