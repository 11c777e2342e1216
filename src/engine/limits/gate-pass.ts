import type { FailureCode } from '../../contract/failure.js';
import type { RateLimitHint } from '../../contract/provider.js';
import type { RateMark } from './rate-limits.js';

/** Ticket: a call that waits to be let through. */
export interface GateTicket {
  /** Tokens that its texts come to; 0 does not say. */
  readonly estimate: number;
  /** Most calls that its provider takes at once, over all runs; `Infinity` does not say. */
  readonly mostAtOnce: number;
  /** False once nobody wants it any more. */
  isWanted(): boolean;
  /** Its turn has come; `tokens` is what it is expected to take, after what usage has taught. */
  letThrough(tokens: number): void;
  /** Nobody wants it: forget it. */
  drop(): void;
}

/** A call that was let through and has started. */
export interface GatePass extends RateMark {
  readonly tokens: number;
  /** Tokens that its texts alone come to. */
  readonly estimate: number;
}

/** Outcome of a call, as far as limits are concerned. */
export interface GateOutcome {
  readonly code: 'ok' | FailureCode;
  readonly isFirstAttempt: boolean;
  /** True for a call of several answers: that it failed says nothing of calls of one. */
  readonly isOfSeveral: boolean;
  readonly retryAfterMs: number | undefined;
  readonly rateLimit: RateLimitHint | undefined;
  /** Tokens it really took. */
  readonly tokens: number | undefined;
  readonly durationMs: number;
  /** Slots of the controller. */
  readonly limit: number;
}
