import type { RequestHead } from './parsed-review-request.js';
import { refuseCrossSite } from './cross-site.js';
import { requireJson } from './read-json.js';
import { answersUnderReview, readSubmission } from './read-submission.js';
import { RequestProblem } from './request-problem.js';
import type { HandlerSettings } from './resolve-handler-options.js';
import type { Authorization, ReviewContext } from './review-handler-options.js';
import { matchRoute } from './review-route.js';
import type { ReviewJob } from './review.js';

const REFUSALS = {
  401: 'the request must say who the learner is',
  403: 'the learner may not answer in this session',
  404: 'there is no such session or card',
} as const;

const KEY_RULE = 'must be 1 to 255 printable characters';

/**
 * All checks of a request, cheapest first; what passes is a job.
 *
 * @throws {RequestProblem} for the first check that fails.
 */
export async function acceptRequest(
  settings: HandlerSettings,
  head: RequestHead,
  signal: AbortSignal,
  readBody: () => Promise<unknown>,
): Promise<ReviewJob> {
  const route = matchRoute(settings.basePath, head.url.pathname);
  if (head.method !== 'POST') {
    throw new RequestProblem(405, 'the method must be POST', { headers: { allow: 'POST' } });
  }
  refuseCrossSite(head, settings.allowedOrigins);
  requireJson(head.headers);
  const idempotencyKey = readIdempotencyKey(head.headers);
  const request: ReviewContext = { ...route, headers: head.headers, signal, locals: head.locals };
  const context = { ...request, learnerId: await authorize(settings, request) };
  const submission = readSubmission(route.kind, await readBody(), settings.maxAnswers);
  const limited = await settings.rateLimit?.({ ...context, answerCount: submission.answers.length });
  if (limited !== undefined) throw new RequestProblem(429, 'too many requests', { retryAfterMs: limited.retryAfterMs });
  const card = await settings.load(context);
  if (card === undefined) throw new RequestProblem(404, REFUSALS[404]);
  const answers = answersUnderReview(route.kind, submission, card.questions);
  const { mode, maxConcurrentTasks } = submission;
  return { settings, context: { ...context, answers }, card, mode, maxConcurrentTasks, idempotencyKey };
}

async function authorize({ authorize: hook }: HandlerSettings, context: ReviewContext): Promise<string | undefined> {
  if (hook === 'none') return undefined;
  const authorization: Authorization | undefined = await hook(context);
  if (typeof authorization === 'object') return authorization.learnerId;
  // A hook that forgets to answer lets nobody in.
  const status = authorization ?? 403;
  throw new RequestProblem(status, REFUSALS[status]);
}

function readIdempotencyKey(headers: Headers): string | undefined {
  const key = headers.get('idempotency-key') ?? undefined;
  if (key === undefined || /^[\u0021-\u007E]{1,255}$/.test(key)) return key;
  throw new RequestProblem(400, `Idempotency-Key ${KEY_RULE}: received ${key.length} characters`, {
    field: 'Idempotency-Key',
  });
}
