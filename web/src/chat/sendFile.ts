import type { SendAck } from '../wire';
import type { SendFile } from './uploads';

const ADDRESS = '/channels/web/files';
const SILENT_MS = 120_000;

/** One file over XMLHttpRequest: `fetch` does not tell how much of it has left. */
export const sendFile: SendFile = (token, clientId, file, onProgress) => {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append('client_id', clientId);
  form.append('file', file, file.name || 'picture');
  const done = new Promise<SendAck>((resolve, reject) => {
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable) onProgress(loaded / total);
    };
    request.onload = () => {
      const ack = ackOf(request.responseText);
      if (ack) resolve(ack);
      else reject(new Error(`status ${request.status}`));
    };
    request.onerror = request.ontimeout = request.onabort = () => reject(new Error('no answer'));
  });
  request.open('POST', ADDRESS);
  request.timeout = SILENT_MS;
  request.setRequestHeader('Authorization', `Bearer ${token}`);
  request.send(form);
  return { done, cancel: () => request.abort() };
};

export function ackOf(body: string): SendAck | null {
  try {
    const answer = JSON.parse(body) as { ok?: unknown; seq?: unknown; error?: { code?: unknown; message?: unknown } } | null;
    if (answer?.ok === true && typeof answer.seq === 'number') return { ok: true, seq: answer.seq };
    const { code, message } = answer?.error ?? {};
    return typeof code === 'string' && typeof message === 'string' ? { ok: false, error: { code, message } } : null;
  } catch {
    return null;
  }
}
