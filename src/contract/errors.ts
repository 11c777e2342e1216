import { brand, hasBrand } from './brand.js';
import type { FailureCode, FailureScope } from './failure.js';
import type { GradingReport } from './report.js';

const PROVIDER_WIDE: ReadonlySet<FailureCode> = new Set(['auth', 'quota', 'not_found']);
const ITEM_ONLY: ReadonlySet<FailureCode> = new Set(['refused', 'invalid_request']);
const RETRYABLE: ReadonlySet<FailureCode> = new Set(['rate_limited', 'overloaded', 'timeout', 'network', 'server']);

/** Marks an error of a test double: the run that meets it rejects with it instead of failing an answer. */
export function markAsRejecting<Each extends Error>(error: Each): Each {
  return brand(error, 'rejectsRun');
}

/** True for an error of a test double that was misused, also of another copy of this package. */
export function rejectsRun(error: unknown): error is Error {
  try {
    return hasBrand(error, 'rejectsRun');
  } catch {
    // An object that throws when it is looked at is nobody's error.
    return false;
  }
}

/** What a {@link ProviderError} may carry beside its code and message. */
export interface ProviderErrorOptions {
  /**
   * False ends the repeats in this mode, not the chain: the next mode and the next provider are still tried. True lets an
   * `unknown` failure be repeated; it changes nothing for a code that goes to the next provider.
   *
   * @default by code: true for rate_limited, overloaded, timeout, network and server
   */
  retryable?: boolean | undefined;
  /** @default by code: provider for auth, quota, not_found; item for refused, invalid_request; else call */
  scope?: FailureScope | undefined;
  /** Do not call again before this many milliseconds have passed. */
  retryAfterMs?: number | undefined;
  /** HTTP status. */
  status?: number | undefined;
  /** The vendor's own error code. */
  vendorCode?: string | undefined;
  requestId?: string | undefined;
  cause?: unknown;
}

/**
 * What a provider throws when a call fails. A plain `Error` counts as `unknown` and is not retried.
 *
 * @example
 * ```ts
 * import { ProviderError } from 'gradelanes';
 *
 * const error = new ProviderError('rate_limited', 'too many requests', { retryAfterMs: 2_000, status: 429 });
 * console.log(error.retryable); // true
 * ```
 */
export class ProviderError extends Error {
  /** By brand; subclasses stay what they are. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === ProviderError ? hasBrand(value, 'ProviderError') : super[Symbol.hasInstance](value);
  }

  override readonly name = 'ProviderError';
  readonly code: FailureCode;
  readonly retryable: boolean;
  readonly scope: FailureScope;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly vendorCode: string | undefined;
  readonly requestId: string | undefined;

  constructor(code: FailureCode, message: string, options: ProviderErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    brand(this, 'ProviderError');
    this.code = code;
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    this.scope = options.scope ?? defaultScope(code);
    this.retryAfterMs = checkedDelay(options.retryAfterMs);
    this.status = options.status;
    this.vendorCode = options.vendorCode;
    this.requestId = options.requestId;
  }
}

/**
 * Whether a value is a {@link ProviderError}, also one of another copy of this package.
 *
 * @example
 * ```ts
 * import { isProviderError, ProviderError } from 'gradelanes';
 *
 * console.log(isProviderError(new ProviderError('timeout', 'no reply'))); // true
 * ```
 */
export function isProviderError(value: unknown): value is ProviderError {
  return hasBrand(value, 'ProviderError');
}

/**
 * Misuse, found before any call: which field, which rule, and what was received. Grading functions reject with it,
 * `create*` functions throw it.
 *
 * @example
 * ```ts
 * import { createConcurrencyController, isGradingOptionsError } from 'gradelanes';
 *
 * try {
 *   createConcurrencyController({ maxConcurrentTasks: 0 });
 * } catch (error) {
 *   if (isGradingOptionsError(error)) console.log(error.field); // maxConcurrentTasks
 * }
 * ```
 */
export class GradingOptionsError extends TypeError {
  /** By brand; subclasses stay what they are. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === GradingOptionsError ? hasBrand(value, 'GradingOptionsError') : super[Symbol.hasInstance](value);
  }

  override readonly name = 'GradingOptionsError';
  /** Path of the offending option, e.g. `answers[2].question.prompt`. */
  readonly field: string;
  /** What it must be. */
  readonly rule: string;
  /** What it was, described without learner text or secrets. */
  readonly received: string;

  constructor(field: string, rule: string, received: string) {
    super(`${field} ${rule}: received ${received}`);
    brand(this, 'GradingOptionsError');
    this.field = field;
    this.rule = rule;
    this.received = received;
  }
}

/**
 * Whether a value is a {@link GradingOptionsError}, also one of another copy of this package.
 *
 * @example
 * ```ts
 * import { isGradingOptionsError, selectProcessingMode } from 'gradelanes';
 *
 * try {
 *   selectProcessingMode(-1);
 * } catch (error) {
 *   console.log(isGradingOptionsError(error)); // true
 * }
 * ```
 */
export function isGradingOptionsError(value: unknown): value is GradingOptionsError {
  return hasBrand(value, 'GradingOptionsError');
}

/**
 * The caller's signal aborted the run. `report` holds everything graded so far; `cause` is the signal's reason.
 *
 * @example
 * ```ts
 * import { gradeAnswersWithFallback, isGradingAborted } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * try {
 *   await gradeAnswersWithFallback([], { provider: offlineProvider(), signal: AbortSignal.abort() });
 * } catch (error) {
 *   if (isGradingAborted(error)) console.log(error.report.metrics.gradedCount); // 0
 * }
 * ```
 */
export class GradingAbortedError extends Error {
  /** By brand; subclasses stay what they are. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === GradingAbortedError ? hasBrand(value, 'GradingAbortedError') : super[Symbol.hasInstance](value);
  }

  override readonly name = 'AbortError';
  readonly report: GradingReport;

  constructor(report: GradingReport, reason: unknown) {
    super('Grading was aborted; error.report holds what was graded before', { cause: reason });
    brand(this, 'GradingAbortedError');
    this.report = report;
  }
}

/**
 * Whether a value is a {@link GradingAbortedError}, also one of another copy of this package.
 *
 * @example
 * ```ts
 * import { isGradingAborted } from 'gradelanes';
 *
 * const keepWhatIsGraded = (error: unknown) => (isGradingAborted(error) ? error.report.results : []);
 * ```
 */
export function isGradingAborted(value: unknown): value is GradingAbortedError {
  return hasBrand(value, 'GradingAbortedError');
}

/** Waits that are none are left out; longer ones than a timer takes mean "not today" all the same. */
function checkedDelay(delayMs: number | undefined): number | undefined {
  return delayMs !== undefined && delayMs >= 0 ? Math.min(delayMs, 2 ** 31 - 1) : undefined;
}

function defaultScope(code: FailureCode): FailureScope {
  if (PROVIDER_WIDE.has(code)) return 'provider';
  return ITEM_ONLY.has(code) ? 'item' : 'call';
}
