import type { FailureCode } from './failure.js';
import type { GradingResult, ProcessingMode, TokenUsage } from './result.js';

/** What may be asked for: a mode, or `'auto'` to choose by the number of answers. */
export type ProcessingModeRequest = ProcessingMode | 'auto';

/** The deepest mode that was used; `*_fallback` if the chain had to step down to it. */
export type ProcessingModeUsed = ProcessingMode | 'batch_fallback' | 'sequential_fallback';

/** One step down the chain of modes, or from one provider to the next. */
export interface FallbackStep {
  kind: 'mode' | 'provider';
  from: string;
  to: string;
  /** The commonest failure that caused it. */
  code: FailureCode;
  /** A sentence for people. */
  reason: string;
  /** How many answers took the step. */
  answerCount: number;
}

/** Quantiles of what was measured, in milliseconds. */
export interface LatencySummary {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Quantiles of the time that answers waited, in milliseconds. */
export interface QueueSummary {
  p50: number;
  p95: number;
  max: number;
}

/** One change of a provider's concurrency limit. */
export interface LimitChange {
  provider: string;
  /** Milliseconds since the run started. */
  atMs: number;
  from: number;
  to: number;
  reason: string;
}

/**
 * How the work was done: measured, never computed from assumptions. What was not measured is `undefined`, never 0.
 * Times are milliseconds on a monotonic clock. Calls to local providers count like all others, in every figure: behind
 * a model, their fraction of a millisecond pulls means and quantiles down.
 */
export interface ParallelProcessingMetrics {
  /** Wall-clock time of the run. */
  totalProcessingTimeMs: number;
  /** Provider calls started in parallel mode; 0 in the other modes. */
  parallelTasksSpawned: number;
  /** Peak of this run's calls really in flight. */
  concurrentExecutionCount: number;
  /** Mean duration of the calls. */
  averageTaskDurationMs: number | undefined;
  /** `undefined` when no model was asked. */
  processingModeUsed: ProcessingModeUsed | undefined;
  /** Why the mode is not the requested one, or why answers took a fallback. */
  fallbackReason?: string | undefined;
  requestedMode: ProcessingModeRequest;
  selectedMode: ProcessingMode;
  fallbacks: readonly FallbackStep[];
  /**
   * The sum of the calls that gave the verdicts (a batch call once): how long the same calls would take one by one.
   * An estimate; calls that failed never raise it.
   */
  estimatedSequentialTimeMs: number | undefined;
  /** `estimatedSequentialTimeMs - totalProcessingTimeMs`; negative if faults cost more than was gained. */
  timeSavedMs: number | undefined;
  /** `estimatedSequentialTimeMs / totalProcessingTimeMs`. */
  speedup: number | undefined;
  gradedCount: number;
  failedCount: number;
  needsReviewCount: number;
  /** Graded without asking a model: by rule or exact match. */
  localCount: number;
  /** Taken from the cache or an earlier run (`resumeFrom`), without a call. */
  cachedCount: number;
  /** Answers that shared the call of an identical one in flight. */
  coalescedCount: number;
  /** Calls started. */
  requests: number;
  /**
   * Calls that asked a provider again about an answer: after a fault, for an unusable reply, or in a later mode. Hedges,
   * second opinions and the first call to another provider repeat nothing.
   */
  retries: number;
  /** Second copies of late calls, and how many of them came first. */
  hedges: { sent: number; won: number };
  /** Calls that ended `rate_limited`. */
  rateLimited: number;
  /** Time during which a provider was paused for this run. */
  pausedMs: number;
  latencyMs: LatencySummary | undefined;
  queueMs: QueueSummary | undefined;
  timeToFirstResultMs: number | undefined;
  /** How the adaptive limits of the run's providers moved. */
  limitHistory: readonly LimitChange[];
  /** Tokens of all calls, failed ones included, as far as the provider reported them. */
  usage: TokenUsage | undefined;
  /** What `usage` cost, in the currency of the budget's prices; `undefined` if a model has none. */
  cost?: number | undefined;
  /** Calls that ignored their abort signal and were left behind. */
  leaked: number;
}

/** What a run is expected to take. */
export interface CostEstimate {
  /** Calls, if none has to be repeated. */
  requests: number;
  inputTokens: number;
  outputTokens: number;
  /** In the currency of the budget's prices; `undefined` without them. */
  cost: number | undefined;
  /** Answers that a rule decides, without a call. */
  localCount: number;
  /** Answers that share the call of an identical one. */
  coalescedCount: number;
}

/** One result per answer, typed as a tuple of the same length where the answers are one. */
export type ResultsFor<Answers extends readonly unknown[]> = { readonly [Index in keyof Answers]: GradingResult };

/**
 * The outcome of a run: every answer exactly once, in input order, and how the work was done.
 *
 * @example
 * ```ts
 * import type { GradingReport } from 'gradelanes';
 *
 * const share = ({ metrics }: GradingReport): number =>
 *   metrics.gradedCount / (metrics.gradedCount + metrics.failedCount);
 * ```
 */
export interface GradingReport<Answers extends readonly unknown[] = readonly unknown[]> {
  results: ResultsFor<Answers>;
  metrics: ParallelProcessingMetrics;
}
