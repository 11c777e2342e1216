import { isJsonObject } from '../json/untyped-json.js';
import type {
  ReviewCall,
  ReviewedAnswer,
  ReviewProblem,
  WireCallEvent,
  WireMetrics,
  WireResult,
} from '../wire/review-wire.js';
import { fromWireCallEvent, fromWireMetrics, fromWireResult } from '../wire/translate.js';
import type { ParallelProcessingMetrics } from '../contract/report.js';
import { readEvents } from './read-events.js';
import type { ReviewClientOptions } from './review-client-options.js';
import { isReviewError, ReviewError } from './review-error.js';

/** Three heartbeats of the server. */
const DEFAULT_IDLE_TIMEOUT_MS = 45_000;

/** A request to one of the routes. */
export interface ReviewRequest {
  path: string;
  /** To be sent as JSON. */
  body: unknown;
  idempotencyKey: string;
  signal: AbortSignal;
  onResult: (result: ReviewedAnswer) => void;
  onCall: (call: ReviewCall) => void;
}

/**
 * Whether a request was lost on its way, so that another one may get through: without a reply, or by a gateway.
 *
 * @param also One more status that counts.
 */
export function isLost(error: unknown, also?: number): error is ReviewError {
  return isReviewError(error) && [undefined, 502, 504, also].includes(error.status);
}

/**
 * Sends a request and reads the reply, progress first. Redirects are not followed: answers and tokens stay on their way.
 *
 * @throws {ReviewError} for what the server refuses, for what is lost on the way, and for a reply that is none.
 * @throws the reason of the signal.
 */
export async function sendRequest(
  {
    baseUrl = '/api/review',
    fetch = globalThis.fetch,
    headers,
    idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS,
  }: ReviewClientOptions,
  { path, body, idempotencyKey, signal, ...listeners }: ReviewRequest,
): Promise<ParallelProcessingMetrics> {
  signal.throwIfAborted();
  const connection = new AbortController();
  const ending = AbortSignal.any([signal, connection.signal]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keepAlive = (): void => {
    ending.throwIfAborted();
    clearTimeout(timer);
    timer = setTimeout(() => connection.abort(), idleTimeoutMs);
  };
  keepAlive();
  try {
    const response = await fetch(baseUrl + path, {
      method: 'POST',
      redirect: 'error',
      headers: {
        ...(typeof headers === 'function' ? await headers() : headers),
        'content-type': 'application/json',
        accept: 'text/event-stream, application/json',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify(body),
      signal: ending,
    });
    return await readReply(response, keepAlive, listeners);
  } catch (cause) {
    signal.throwIfAborted();
    throw isReviewError(cause) ? cause : new ReviewError('The server could not be reached', { cause });
  } finally {
    clearTimeout(timer);
  }
}

async function readReply(
  response: Response,
  keepAlive: () => void,
  { onResult, onCall }: Pick<ReviewRequest, 'onResult' | 'onCall'>,
): Promise<ParallelProcessingMetrics> {
  if (!response.ok) throw refusal(response.status, await response.json().catch(() => undefined), response.headers);
  if (!response.headers.get('content-type')?.includes('text/event-stream'))
    return readResult(await response.json(), onResult);
  for await (const { event, data: text } of readEvents(response.body)) {
    const data: unknown = text && JSON.parse(text);
    keepAlive();
    if (event === 'result') return readResult(data, onResult);
    // The server's types, which it shares with this file.
    if (event === 'call') onCall(fromWireCallEvent(data as WireCallEvent));
    if (event === 'progress') onResult(resultOf((data as { result: unknown }).result));
    if (event === 'error') throw refusal(500, data);
  }
  // The connection ended before the reply.
  throw noReview();
}

/** A page that says 200, such as that of a captive portal, is no reply. */
function readResult(reply: unknown, onResult: ReviewRequest['onResult']): ParallelProcessingMetrics {
  if (!isJsonObject(reply) || reply['success'] !== true || !isJsonObject(reply['metrics'])) throw noReview();
  for (const result of [reply['data']].flat()) onResult(resultOf(result));
  // The server's types, which it shares with this file.
  return fromWireMetrics(reply['metrics'] as unknown as WireMetrics);
}

function resultOf(result: unknown): ReviewedAnswer {
  const status = isJsonObject(result) && Number.isInteger(result['question_index']) && result['status'];
  // What else belongs to it is the server's to send.
  if (status === 'graded' || status === 'failed') return fromWireResult(result as WireResult);
  throw noReview();
}

/** A reply that is none counts as lost: something on the way sent it. */
export function noReview(): ReviewError {
  return new ReviewError('The reply is no review');
}

function refusal(status: number, body: unknown, headers?: Headers): ReviewError {
  // The server's types, which it shares with this file; a proxy may have sent something else.
  const problem = isJsonObject(body) && body['success'] === false ? (body as unknown as ReviewProblem) : undefined;
  return new ReviewError(problem?.detail ?? `The server answered ${status}`, {
    status: problem?.status ?? status,
    problem,
    // A date is NaN, and no time at all is 0.
    retryAfterMs: problem?.retry_after_ms ?? (Number(headers?.get('retry-after')) * 1_000 || undefined),
  });
}
