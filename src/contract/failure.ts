/**
 * Every way in which grading an answer can fail. A provider of your own throws a `ProviderError` with the code that says
 * what helps. What helps is tried in this order: again, the next mode, the next provider. A call of several answers is
 * split before its provider is given up for them.
 *
 * - `rate_limited`: too many requests (HTTP 429). The provider is paused, then asked again.
 * - `overloaded`: the provider has no room for anybody (529, some 503). Asked again.
 * - `server`: the provider failed (other 5xx). Asked again.
 * - `timeout`: no reply in time. Asked again.
 * - `network`: no reply, or not all of it: refused, reset, unreachable. Asked again.
 * - `malformed`: a reply that cannot be used. Asked once more in each mode, told what was wrong; a batch is split.
 * - `truncated`: a reply that ended at its length limit. As `malformed`.
 * - `too_large`: more than the model takes. A batch is split; a single answer goes to the next provider.
 * - `refused`: the provider declines this answer, or a filter blocks it. Goes to the next provider, whatever `retryable` says.
 * - `invalid_request`: the provider does not take this request (most other 4xx). Goes to the next provider.
 * - `unsupported`: it cannot do what was asked at all. Goes to the next provider.
 * - `auth`: wrong key or missing rights (401, 403). Nothing more is sent to this provider.
 * - `quota`: the money or quota is used up (402, some 429). Nothing more is sent to this provider.
 * - `not_found`: no such model or address (404). Nothing more is sent to this provider.
 * - `unknown`: whatever else was thrown. Not repeated unless the error says `retryable: true`, but tried in the next mode.
 *
 * The engine itself settles answers as `aborted` (the caller's signal), `deadline_exceeded` and `budget_exceeded` (the
 * run's `deadlineMs` or `budget`).
 */
export type FailureCode =
  | 'rate_limited'
  | 'overloaded'
  | 'timeout'
  | 'network'
  | 'server'
  | 'truncated'
  | 'malformed'
  | 'too_large'
  | 'refused'
  | 'auth'
  | 'quota'
  | 'not_found'
  | 'invalid_request'
  | 'unsupported'
  | 'aborted'
  | 'deadline_exceeded'
  | 'budget_exceeded'
  | 'unknown';

/** What a failure concerns: one answer, one call, or everything sent to this provider. */
export type FailureScope = 'item' | 'call' | 'provider';

/** Why an answer has no grade. */
export interface GradingFailure {
  code: FailureCode;
  /** A sentence for people, without answer text, keys or prompts. */
  message: string;
  /** What the failure concerns: this answer, the one call, or the whole provider. */
  scope: FailureScope;
  /** Trying again later may help. */
  retryable: boolean;
  /** Not before this time (ISO 8601), where the provider said so. */
  retryAt?: string | undefined;
  provider?: string | undefined;
  requestId?: string | undefined;
  /** The failures of other modes or providers that led here, first to last. */
  causes?: readonly GradingFailure[] | undefined;
}
