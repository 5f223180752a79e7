import { zh } from '../locales/zh';
import type { WireError } from '../wire';

/** The service said no, or could not be reached; the message is fit to show. */
export class DeskError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** What is wrong, by the name of the field. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'DeskError';
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof DeskError ? error.message : zh.desk.Error.unexpected;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request; `path` is below `/api/`. A form goes as it is, everything else as JSON. */
export async function call<Answer>(method: Method, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`/api/${path}`, { method, credentials: 'same-origin', ...contentOf(method, body) }).catch(() => {
    throw new DeskError(0, 'network', zh.desk.Error.network);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as Answer;
  const error = (answer as { error?: Partial<WireError> } | null)?.error;
  throw new DeskError(response.status, error?.code ?? 'unexpected', error?.message ?? zh.desk.Error.unexpected, error?.fields);
}

function contentOf(method: Method, body: object | undefined): RequestInit {
  if (method === 'GET' || method === 'DELETE') return {};
  if (body instanceof FormData) return { body };
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) };
}
