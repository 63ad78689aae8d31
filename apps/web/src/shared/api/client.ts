import type { RefusalReason } from '@roundtable/protocol';

/** The hub said no, or could not be reached (`reason` is then `'unreachable'`). */
export class ApiError extends Error {
  readonly reason: RefusalReason | 'unreachable' | 'unexpected-answer';
  readonly status: number;
  constructor(reason: ApiError['reason'], detail: string, status: number) {
    super(detail);
    this.name = 'ApiError';
    this.reason = reason;
    this.status = status;
  }
}

/** What a request needs of a zod schema; any schema of `@roundtable/protocol` fits. */
export interface AnswerSchema<T> {
  safeParse: (value: unknown) => { success: true; data: T } | { success: false; error: Error };
}

export interface ApiRequest<T> {
  path: string;
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  token?: string | null;
  answer: AnswerSchema<T>;
  signal?: AbortSignal;
}

/** Any JSON body, where the caller checks the shape itself or needs none. */
export const anything: AnswerSchema<unknown> = {
  safeParse: (value) => ({ success: true, data: value }),
};

/** One request to the hub; throws an ApiError whose reason the pages can translate. */
export async function request<T>(options: ApiRequest<T>): Promise<T> {
  const response = await send(options);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refused(body, response.status);
  const parsed = options.answer.safeParse(body);
  if (!parsed.success) {
    throw new ApiError('unexpected-answer', parsed.error.message.slice(0, 300), response.status);
  }
  return parsed.data;
}

async function send(options: ApiRequest<unknown>): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (options.token) headers.set('authorization', `Bearer ${options.token}`);
  const init: RequestInit = { method: options.method ?? 'GET', headers };
  if (options.body !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(options.body);
  }
  if (options.signal) init.signal = options.signal;
  try {
    return await fetch(options.path, init);
  } catch (cause) {
    throw new ApiError('unreachable', String(cause), 0);
  }
}

/**
 * The hub's refusal in an error body. Read by hand: the schemas' library would be a tenth of what the
 * contribute page may load, and everything read here is only shown.
 */
function refused(body: unknown, status: number): ApiError {
  if (typeof body === 'object' && body !== null && 'reason' in body && 'detail' in body) {
    const { reason, detail } = body;
    if (typeof reason === 'string' && typeof detail === 'string') {
      return new ApiError(reason as RefusalReason, detail.slice(0, 500), status);
    }
  }
  const reason = status === 401 ? 'unauthenticated' : status >= 502 ? 'unreachable' : 'unavailable';
  return new ApiError(reason, `HTTP ${status}`, status);
}
