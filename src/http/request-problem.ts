import type { FailureCode } from '../contract/failure.js';
import type { ReviewProblem } from '../wire/review-wire.js';

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/** Replies are about one learner: nobody keeps them, and no browser guesses at their type. */
export const PRIVATE_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** The error statuses of the review routes. */
export type ProblemStatus = keyof typeof TITLES;

/** What a {@link RequestProblem} may carry beside its status and detail. */
export interface ProblemExtras {
  /** The field that breaks its rule, such as `answers[0].question_index`. */
  field?: string;
  code?: FailureCode;
  retryAfterMs?: number;
  headers?: Readonly<Record<string, string>>;
  /** A fault of the app's, for `onError`; never shown. */
  cause?: unknown;
}

/** A request that is not served. Thrown on the way to the reply; its message is shown to the client. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly status: ProblemStatus;
  readonly extras: ProblemExtras;

  constructor(status: ProblemStatus, detail: string, extras: ProblemExtras = {}) {
    super(detail, { cause: extras.cause });
    this.status = status;
    this.extras = extras;
  }
}

/** The problem as JSON. */
export function problemBody({ status, message, extras }: RequestProblem): ReviewProblem {
  const { field, code, retryAfterMs } = extras;
  return {
    type: 'about:blank',
    title: TITLES[status],
    status,
    detail: message,
    success: false,
    ...(field !== undefined && { errors: [{ field, pointer: pointerTo(field), detail: message }] }),
    ...(code !== undefined && { code }),
    ...(retryAfterMs !== undefined && { retry_after_ms: retryAfterMs }),
  };
}

/** The problem as a reply. */
export function problemResponse(problem: RequestProblem): Response {
  const { retryAfterMs, headers } = problem.extras;
  return new Response(JSON.stringify(problemBody(problem)), {
    status: problem.status,
    headers: {
      ...headers,
      ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }),
      'content-type': 'application/problem+json',
      ...PRIVATE_HEADERS,
    },
  });
}

/** `answers[0].question_index` as a JSON pointer in a URI fragment. */
function pointerTo(field: string): string {
  return `#/${field.replaceAll(/\[(\d+)\]/g, '.$1').replaceAll('.', '/')}`;
}
