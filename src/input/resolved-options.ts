import type { Clock } from '../contract/clock.js';
import type { ConcurrencyController } from '../contract/controller.js';
import type {
  Budget,
  CacheOptions,
  GradingOptions,
  GuardOptions,
  HedgeOptions,
  Logger,
  RetryOptions,
} from '../contract/grading-options.js';
import type { Provider } from '../contract/provider.js';
import type { LocalGradingSwitches } from '../contract/question.js';
import type { ProcessingModeRequest } from '../contract/report.js';
import type { ReviewPolicy } from '../contract/review-policy.js';

/** Most answers in one call of batch mode. Up to six per prompt mark about as well as one. */
export const DEFAULT_BATCH_SIZE = 6;

/** How long a call may take, in milliseconds. */
export const DEFAULT_ATTEMPT_TIMEOUT_MS = 60_000;

/** How long aborted calls may take to settle, in milliseconds. */
export const DEFAULT_ABORT_GRACE_MS = 1_000;

/** Longer feedback is cut. */
export const DEFAULT_FEEDBACK_CHARACTERS = 500;

/** How failed calls are repeated: up to 3 attempts, waits of up to 0.5 s, 1 s, ... 8 s, a Retry-After of up to 3 minutes. */
export const DEFAULT_RETRY: Readonly<ResolvedRetry> = Object.freeze({
  maxAttempts: 3,
  baseDelayMs: 500,
  maxDelayMs: 8_000,
  maxRetryAfterMs: 180_000,
  budget: 0.5,
});

/** When a second copy of a call is sent, where hedging is on: the p95 and 5 % of Dean and Barroso, "The Tail at Scale" (2013). */
export const DEFAULT_HEDGE: Readonly<{ [Option in keyof HedgeOptions]-?: number }> = Object.freeze({
  budget: 0.05,
  afterPercentile: 95,
  minDelayMs: 100,
});

/** How calls are repeated, with every default in place. */
export type ResolvedRetry = { [Option in keyof RetryOptions]-?: number };

/** When a second copy of a call is sent, with every default in place. */
export interface ResolvedHedge {
  readonly budget: number;
  readonly afterPercentile: number;
  readonly minDelayMs: number;
  /** A call is late at so many times the percentile. */
  readonly timesPercentile: number;
  /** Calls of the provider that must be known before one counts as late. */
  readonly minKnownCalls: number;
  /** A call that is late is taken for one that never ends: its second copy waits for a slot, and may stall as well. */
  readonly isForStalled: boolean;
}

/** Which grades are doubtful and who is asked again, with every default in place. */
export interface ResolvedSamples {
  readonly count: number;
  /** Empty where the provider that graded is asked again. */
  readonly judges: readonly Provider[];
  readonly belowConfidence: number;
  readonly nearPassingScore: number;
}

/** How answers are guarded, with every default in place. */
export type ResolvedGuards = { readonly [Option in keyof GuardOptions]-?: NonNullable<GuardOptions[Option]> };

/** How feedback is asked for, with every default in place. */
export interface ResolvedFeedback {
  language: string | undefined;
  maxCharacters: number;
  revealReference: boolean;
}

/** Which answers are decided without a model, with every default in place. */
export type ResolvedLocalGrading = { readonly [Switch in keyof LocalGradingSwitches]-?: boolean };

/** The options of a run with every default in place. */
export interface ResolvedOptions {
  readonly providers: readonly Provider[];
  readonly mode: ProcessingModeRequest;
  readonly context: string | undefined;
  readonly instructions: string | undefined;
  readonly maxConcurrentTasks: number | undefined;
  readonly controller: ConcurrencyController | undefined;
  readonly batchSize: number;
  readonly batchAcrossLearners: boolean;
  readonly parallelEnabled: boolean;
  readonly localGrading: ResolvedLocalGrading;
  /** `undefined` guards nothing. */
  readonly guards: ResolvedGuards | undefined;
  /** `undefined` lets every grade go that is not doubtful. */
  readonly review: ReviewPolicy | undefined;
  /** `undefined` asks for none. */
  readonly feedback: ResolvedFeedback | undefined;
  /** Ask for the words that decided the marks. */
  readonly evidence: boolean;
  readonly attemptTimeoutMs: number;
  readonly deadlineMs: number | undefined;
  readonly retry: ResolvedRetry;
  readonly adaptive: GradingOptions['adaptive'];
  readonly limits: GradingOptions['limits'];
  /** `undefined` sends no second copies. */
  readonly hedge: ResolvedHedge | undefined;
  /** `undefined` asks for no second opinions. */
  readonly samples: ResolvedSamples | undefined;
  /** `undefined` limits nothing. */
  readonly budget: Budget | undefined;
  /** `undefined` keeps nothing. */
  readonly cache: CacheOptions | undefined;
  readonly order: NonNullable<GradingOptions['order']>;
  readonly priority: NonNullable<GradingOptions['priority']>;
  readonly resumeFrom: GradingOptions['resumeFrom'];
  readonly onResult: GradingOptions['onResult'];
  readonly signal: AbortSignal | undefined;
  readonly abortGraceMs: number;
  readonly onEvent: GradingOptions['onEvent'];
  readonly onProgress: GradingOptions['onProgress'];
  readonly logger: Logger | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}
