import type { ParallelApiResponse, WireResult } from '../wire/review-wire.js';
import { acceptRequest } from './accept-request.js';
import { corsHeaders, preflightHeaders } from './cross-site.js';
import { EVENT_STREAM_HEADERS, eventStream } from './event-stream.js';
import { headOf, type ParsedReviewRequest, type RequestHead } from './parsed-review-request.js';
import { readJson } from './read-json.js';
import { problemBody, problemResponse, RequestProblem } from './request-problem.js';
import { resolveHandlerOptions, type HandlerSettings } from './resolve-handler-options.js';
import type { ReviewHandlerOptions } from './review-handler-options.js';
import { review, type Review, type ReviewJob } from './review.js';

/** What {@link createReviewHandler} gives: a function of web standards, and its like for parsed bodies. */
export interface ReviewHandler {
  (request: Request): Promise<Response>;
  /** For frameworks that have read the body already. Checks and replies are the same, but for the size of the body. */
  handle(request: ParsedReviewRequest): Promise<Response>;
}

/**
 * Serves the review routes: `POST {basePath}/session/:session_id/answers/:card_id/parallel`, the same with `/batch`, and
 * `POST {basePath}/session/:session_id/answer/:card_id` for a single answer. Replies with JSON, or with an event stream
 * where `Accept` asks for one: a `progress` event per answer, then `result` or `error`.
 *
 * A provider's fault fails single answers, never the request, unless nothing at all could be graded: that is a 503. A
 * client that leaves aborts its calls. Errors are problem details (RFC 9457) without internals.
 *
 * @param options Where questions come from, who may ask, who grades; see {@link ReviewHandlerOptions}.
 * @returns A handler for any server that speaks `Request` and `Response`. It never rejects.
 * @throws {GradingOptionsError} for misuse.
 *
 * @example
 * ```ts
 * import { createGrader } from 'gradelanes';
 * import { createReviewHandler } from 'gradelanes/http';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const questions = [{ prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] }];
 * const review = createReviewHandler({
 *   grader: createGrader({ provider: offlineProvider() }),
 *   authorize: ({ headers }) => (headers.get('authorization') === 'Bearer amina' ? { learnerId: 'amina' } : 401),
 *   load: ({ cardId }) => (cardId === 'ice' ? { questions } : undefined),
 * });
 * const response = await review(
 *   new Request('http://localhost/api/review/session/1/answer/ice', {
 *     method: 'POST',
 *     headers: { 'content-type': 'application/json', authorization: 'Bearer amina' },
 *     body: '{"question_index":0,"answer":"It is less dense than water."}',
 *   }),
 * );
 * console.log(response.status); // 200
 * ```
 */
export function createReviewHandler(options: ReviewHandlerOptions): ReviewHandler {
  const settings = resolveHandlerOptions(options);
  const handler = (request: Request): Promise<Response> => {
    const { method, url, headers, signal } = request;
    const head = { method, url: new URL(url), headers, signal, locals: {} };
    return respond(settings, head, () => readJson(request, settings.maxBodyBytes));
  };
  return Object.assign(handler, {
    handle: (request: ParsedReviewRequest) => respond(settings, headOf(request), async () => request.body),
  });
}

async function respond(
  settings: HandlerSettings,
  head: RequestHead,
  readBody: () => Promise<unknown>,
): Promise<Response> {
  const cors = corsHeaders(head, settings.allowedOrigins);
  const preflight = preflightHeaders(head.method, cors);
  const response =
    preflight === undefined
      ? await reply(settings, head, readBody)
      : new Response(null, { status: 204, headers: preflight });
  for (const [name, value] of Object.entries(cors)) response.headers.set(name, value);
  return response;
}

async function reply(
  settings: HandlerSettings,
  head: RequestHead,
  readBody: () => Promise<unknown>,
): Promise<Response> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  // Some platforms abort it after the reply too, which then means nothing.
  head.signal?.addEventListener('abort', leave, { once: true });
  if (head.signal?.aborted === true) leave();
  const forget = (): void => head.signal?.removeEventListener('abort', leave);
  let isStreaming = false;
  try {
    const job = await acceptRequest(settings, head, leaving.signal, readBody);
    isStreaming = head.headers.get('accept')?.includes('text/event-stream') ?? false;
    return isStreaming ? streamed(job, leave, forget) : jsonResponse(bodyOf(job, await review(job)));
  } catch (error) {
    return problemResponse(asProblem(error, settings));
  } finally {
    if (!isStreaming) forget();
  }
}

function streamed(job: ReviewJob, leave: () => void, forget: () => void): Response {
  const { heartbeatMs, clock } = job.settings;
  const stream = eventStream(
    async (send) => {
      try {
        send('result', bodyOf(job, await review(job, (progress) => send('progress', progress))));
      } catch (error) {
        send('error', problemBody(asProblem(error, job.settings)));
      } finally {
        forget();
      }
    },
    { heartbeatMs, clock, onLeave: leave },
  );
  return new Response(stream, { headers: EVENT_STREAM_HEADERS });
}

function bodyOf(
  { context: { kind } }: ReviewJob,
  { results, metrics }: Review,
): ParallelApiResponse<readonly WireResult[] | WireResult | undefined> {
  return { success: true, data: kind === 'single' ? results[0] : results, metrics };
}

function jsonResponse(body: object): Response {
  return new Response(JSON.stringify(body), {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

/** What is no problem of the request is one of ours: told to `onError`, not to the client. */
function asProblem(error: unknown, { onError }: HandlerSettings): RequestProblem {
  if (error instanceof RequestProblem) return error;
  onError(error);
  return new RequestProblem(500, 'the server could not serve this request');
}
