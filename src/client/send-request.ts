import { isJsonObject } from '../json/untyped-json.js';
import type { ParallelApiResponse, ReviewProblem, WireProgress } from '../wire/review-wire.js';
import { readEvents } from './read-events.js';
import type { ReviewClientOptions } from './review-client-options.js';
import { isReviewError, ReviewError } from './review-error.js';

/** Three heartbeats of the server. */
const DEFAULT_IDLE_TIMEOUT_MS = 45_000;

/** Statuses of gateways that lost the reply of the server behind them. */
const LOST: readonly (number | undefined)[] = [undefined, 502, 504];

/** A request to one of the routes. */
export interface ReviewRequest {
  path: string;
  body: object;
  idempotencyKey: string;
  signal: AbortSignal | undefined;
  onProgress: (progress: WireProgress) => void;
}

/** Whether a request was lost on its way, so that another one may get through. */
export function isLost(error: unknown): error is ReviewError {
  return isReviewError(error) && LOST.includes(error.status);
}

/** Whether the server was reached, but could grade nothing. */
export function isOutage(error: unknown): error is ReviewError {
  return isReviewError(error) && error.status === 503;
}

/**
 * Sends a request and reads the reply, progress first.
 *
 * @throws {ReviewError} for what the server refuses, and for what is lost on the way.
 * @throws the reason of the signal.
 */
export async function sendRequest<Data>(
  {
    baseUrl = '/api/review',
    fetch = globalThis.fetch,
    headers,
    idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS,
  }: ReviewClientOptions,
  { path, body, idempotencyKey, signal, onProgress }: ReviewRequest,
): Promise<ParallelApiResponse<Data>> {
  signal?.throwIfAborted();
  const own = typeof headers === 'function' ? await headers() : headers;
  const connection = new AbortController();
  const hangUp = (): void => connection.abort(signal?.reason);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keepAlive = (): void => {
    connection.signal.throwIfAborted();
    clearTimeout(timer);
    timer = setTimeout(hangUp, idleTimeoutMs);
  };
  signal?.addEventListener('abort', hangUp);
  keepAlive();
  try {
    const response = await fetch(baseUrl + path, {
      method: 'POST',
      headers: {
        ...own,
        'content-type': 'application/json',
        accept: 'text/event-stream, application/json',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify(body),
      signal: connection.signal,
    });
    return await readReply<Data>(response, keepAlive, onProgress);
  } catch (cause) {
    signal?.throwIfAborted();
    throw isReviewError(cause) ? cause : new ReviewError('The server could not be reached', { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', hangUp);
  }
}

async function readReply<Data>(
  response: Response,
  keepAlive: () => void,
  onProgress: (progress: WireProgress) => void,
): Promise<ParallelApiResponse<Data>> {
  if (!response.ok) throw refusal(response.status, await response.json().catch(() => undefined), response.headers);
  if (response.body === null || !response.headers.get('content-type')?.includes('text/event-stream')) {
    return checkedReply(await response.json());
  }
  for await (const { event, data } of readEvents(response.body)) {
    keepAlive();
    if (event === 'result') return checkedReply(JSON.parse(data));
    // The server's types, which it shares with this file.
    if (event === 'progress') onProgress(JSON.parse(data) as WireProgress);
    if (event === 'error') throw refusal(500, JSON.parse(data));
  }
  throw new ReviewError('The connection ended before the reply');
}

/** A page that says 200, such as that of a captive portal, is no reply. */
function checkedReply<Data>(reply: unknown): ParallelApiResponse<Data> {
  if (!isJsonObject(reply) || reply['success'] !== true) throw new ReviewError('The reply is no review');
  // The server's types, which it shares with this file.
  return reply as unknown as ParallelApiResponse<Data>;
}

function refusal(status: number, body: unknown, headers?: Headers): ReviewError {
  // The server's types, which it shares with this file; a proxy may have sent something else.
  const problem = isJsonObject(body) && body['success'] === false ? (body as unknown as ReviewProblem) : undefined;
  const seconds = Number(headers?.get('retry-after') ?? undefined);
  return new ReviewError(problem?.detail ?? `The server answered ${status}`, {
    status: problem?.status ?? status,
    problem,
    retryAfterMs: problem?.retry_after_ms ?? (seconds >= 0 ? seconds * 1_000 : undefined),
  });
}
