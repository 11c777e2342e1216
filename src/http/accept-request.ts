import { refuseCrossSite } from './cross-site.js';
import { checkedAuthorization, checkedCard, checkedWait, type LearnerId } from './check-hooks.js';
import type { RequestHead } from './parsed-review-request.js';
import { requireJson } from './read-json.js';
import { answerCountOf, answersUnderReview, readSubmission } from './read-submission.js';
import { RequestProblem } from './request-problem.js';
import type { RequestTime } from './request-time.js';
import type { HandlerSettings } from './resolve-handler-options.js';
import type { ReviewContext } from './review-handler-options.js';
import { matchRoute } from './review-route.js';
import type { ReviewJob } from './review.js';

const REFUSALS = {
  401: 'the request must say who the learner is',
  403: 'the learner may not answer in this session',
  404: 'there is no such session or card',
} as const;

const KEY_RULE = 'must be 1 to 255 printable characters';

/**
 * All checks of a request, cheapest first; what passes is a job. The rate limit comes before anything of the body is
 * checked: a body that is refused costs time as well.
 *
 * @throws {RequestProblem} for the first check that fails.
 */
export async function acceptRequest(
  settings: HandlerSettings,
  head: RequestHead,
  time: RequestTime,
  readBody: () => Promise<unknown>,
): Promise<ReviewJob> {
  const arrivedAt = settings.clock.date();
  const route = matchRoute(settings.basePath, head.url.pathname);
  if (head.method !== 'POST') {
    throw new RequestProblem(405, 'the method must be POST', { headers: { allow: 'POST' } });
  }
  refuseCrossSite(head, settings.allowedOrigins);
  requireJson(head.headers);
  const idempotencyKey = readIdempotencyKey(head.headers);
  const request: ReviewContext = { ...route, headers: head.headers, signal: time.signal, locals: head.locals };
  const context = { ...request, learnerId: await authorize(settings, request, time) };
  const body = await time.wait('the body', readBody());
  const answerCount = answerCountOf(route.kind, body);
  const waitMs = checkedWait(await time.wait('rateLimit', settings.rateLimit?.({ ...context, answerCount })));
  if (waitMs !== undefined) throw new RequestProblem(429, 'too many requests', { retryAfterMs: waitMs });
  const submission = readSubmission(route.kind, body, settings.maxAnswers);
  const card = checkedCard(await time.wait('load', settings.load(context)));
  if (card === undefined) throw new RequestProblem(404, REFUSALS[404]);
  const answers = answersUnderReview(route.kind, submission, card.questions);
  const { mode, maxConcurrentTasks } = submission;
  return {
    settings,
    time,
    arrivedAt,
    context: { ...context, answers },
    card,
    mode,
    maxConcurrentTasks,
    idempotencyKey,
  };
}

async function authorize(settings: HandlerSettings, context: ReviewContext, time: RequestTime): Promise<LearnerId> {
  const { authorize: hook, onError } = settings;
  if (hook === 'none') return undefined;
  const given: unknown = await time.wait('authorize', hook(context));
  let status: 401 | 403 | 404 = 403;
  try {
    const authorization = checkedAuthorization(given);
    if (typeof authorization === 'object') return authorization.learnerId;
    status = authorization;
  } catch (error) {
    // A hook that forgets to answer lets nobody in, and its author is told.
    onError(error);
  }
  throw new RequestProblem(status, REFUSALS[status]);
}

function readIdempotencyKey(headers: Headers): string | undefined {
  const key = headers.get('idempotency-key') ?? undefined;
  if (key === undefined || /^[\u0021-\u007E]{1,255}$/.test(key)) return key;
  throw new RequestProblem(400, `Idempotency-Key ${KEY_RULE}: received ${key.length} characters`, {
    field: 'Idempotency-Key',
  });
}
