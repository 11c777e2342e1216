import type { ParallelApiResponse, WireResult } from '../wire/review-wire.js';
import { acceptRequest } from './accept-request.js';
import { corsHeaders, preflightHeaders } from './cross-site.js';
import { EVENT_STREAM_HEADERS, eventStream } from './event-stream.js';
import { DEFAULT_CLOSE_GRACE_MS } from '../engine/create-grader.js';
import { headOfParsed, headOfRequest, type ParsedReviewRequest, type RequestHead } from './parsed-review-request.js';
import { readJson } from './read-json.js';
import { PRIVATE_HEADERS, problemBody, problemResponse, RequestProblem } from './request-problem.js';
import { RequestTime } from './request-time.js';
import { resolveHandlerOptions, type HandlerSettings } from './resolve-handler-options.js';
import type { ReviewHandlerOptions } from './review-handler-options.js';
import { closedProblem, review, type Review, type ReviewJob } from './review.js';

/** What {@link createReviewHandler} gives: a function of web standards, and its like for parsed bodies. */
export interface ReviewHandler {
  (request: Request): Promise<Response>;
  /** For frameworks that have read the body already. Checks and replies are the same, but for the size of the body. */
  handle(request: ParsedReviewRequest): Promise<Response>;
  /**
   * Takes no new requests (503) and waits until those under way are saved and replied to, at most `graceMs`; then ends
   * them as if their clients had left. First `handler.close()`, then `grader.close()`. @default 30_000
   */
  close(options?: { graceMs?: number | undefined }): Promise<void>;
}

/**
 * Serves the review routes: `POST {basePath}/session/:session_id/answers/:card_id/parallel`, the same with `/batch`, and
 * `POST {basePath}/session/:session_id/answer/:card_id` for a single answer. Replies with JSON, or with an event stream
 * where `Accept` asks for one: a `progress` event per answer and a `call` event when a call of the model begins and ends,
 * then `result` or `error`.
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
  const handler = (request: Request): Promise<Response> =>
    respond(
      settings,
      () => headOfRequest(request),
      () => readJson(request, settings.maxBodyBytes),
    );
  return Object.assign(handler, {
    handle: (request: ParsedReviewRequest) =>
      respond(
        settings,
        () => headOfParsed(request),
        async () => request.body,
      ),
    close: ({ graceMs = DEFAULT_CLOSE_GRACE_MS }: { graceMs?: number | undefined } = {}) =>
      settings.open.close(graceMs, settings.clock),
  });
}

/** Never rejects: whatever hooks, headers and servers give is a reply. */
async function respond(
  settings: HandlerSettings,
  readHead: () => RequestHead,
  readBody: () => Promise<unknown>,
): Promise<Response> {
  try {
    const head = readHead();
    const cors = corsHeaders(head, settings.allowedOrigins);
    const preflight = preflightHeaders(head.method, cors);
    const response =
      preflight === undefined
        ? await reply(settings, head, readBody)
        : new Response(null, { status: 204, headers: preflight });
    for (const [name, value] of Object.entries(cors)) response.headers.set(name, value);
    return response;
  } catch (error) {
    return problemResponse(asProblem(error, settings));
  }
}

async function reply(
  settings: HandlerSettings,
  head: RequestHead,
  readBody: () => Promise<unknown>,
): Promise<Response> {
  const time = new RequestTime(settings.clock, settings.deadlineMs);
  const leave = (): void => time.leave();
  const end = (): void => {
    // Some platforms abort it after the reply too, which then means nothing.
    head.signal?.removeEventListener('abort', leave);
    time.end();
    settings.open.leave(time);
  };
  let isStreaming = false;
  try {
    if (settings.open.isClosed) throw closedProblem();
    settings.open.enter(time);
    head.signal?.addEventListener('abort', leave, { once: true });
    if (head.signal?.aborted === true) leave();
    const job = await acceptRequest(settings, head, time, readBody);
    isStreaming = wantsEvents(head.headers.get('accept'));
    return isStreaming ? streamed(job, end) : jsonResponse(bodyOf(job, await review(job)));
  } catch (error) {
    return problemResponse(asProblem(error, settings));
  } finally {
    if (!isStreaming) end();
  }
}

function wantsEvents(accept: string | null): boolean {
  const range = accept
    ?.toLowerCase()
    .split(',')
    .find((each) => each.trim().startsWith('text/event-stream'));
  // A quality of 0 means: anything but this.
  return range !== undefined && !/;\s*q=0(?:\.0*)?\s*(?:;|$)/.test(range);
}

function streamed(job: ReviewJob, end: () => void): Response {
  const { heartbeatMs, clock } = job.settings;
  const stream = eventStream(
    async (send) => {
      try {
        const told = {
          onProgress: (data: object) => send('progress', data),
          onCall: (data: object) => send('call', data),
        };
        send('result', bodyOf(job, await review(job, told)));
      } catch (error) {
        send('error', problemBody(asProblem(error, job.settings)));
      } finally {
        end();
      }
    },
    { heartbeatMs, clock, onLeave: () => job.time.leave() },
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
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json', ...PRIVATE_HEADERS } });
}

/** Any fault that is no problem of the request is one of ours: told to `onError`, not to the client. */
function asProblem(error: unknown, { onError }: HandlerSettings): RequestProblem {
  if (!(error instanceof RequestProblem)) {
    onError(error);
    return new RequestProblem(500, 'the server could not serve this request');
  }
  if (error.cause !== undefined) onError(error.cause);
  return error;
}
