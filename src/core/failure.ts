/** Every way in which grading an answer can fail. */
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
