import type { FailureCode } from '../../contract/failure.js';
import type {
  FallbackStep,
  LatencySummary,
  LimitChange,
  ParallelProcessingMetrics,
  ProcessingModeRequest,
  ProcessingModeUsed,
  QueueSummary,
} from '../../contract/report.js';
import type { GradingResult, ProcessingMode, TokenUsage } from '../../contract/result.js';
import { addUsage } from './token-usage.js';

/** Facts of a run that the counters do not tell: the modes that were chosen and the steps between them. */
export interface RunFacts {
  requestedMode: ProcessingModeRequest;
  selectedMode: ProcessingMode;
  processingModeUsed: ProcessingModeUsed | undefined;
  /** Sentences for people; `undefined` for a run that went as asked. */
  fallbackReason: string | undefined;
  fallbacks: readonly FallbackStep[];
  /** In the currency of the price table. */
  cost?: number | undefined;
}

/**
 * Recorder of what happened in a run: counters and durations, from which the report is made. Owned by the run, as long
 * as that lasts. Every time is handed in, in milliseconds: the recorder has no clock.
 */
export class MetricsRecorder {
  /** Durations of calls. */
  readonly #callMs = new DurationSamples();
  /** Times that answers waited, in no call. */
  readonly #queuedMs = new DurationSamples();
  /**
   * Sum of the calls that gave a verdict, which calls one after the other would have taken; `undefined` before the
   * first.
   */
  #verdictMs: number | undefined;
  #callsInFlight = 0;
  /** Most calls in flight at the same time. */
  #peakInFlight = 0;
  #parallelCalls = 0;
  readonly #usedModes = new Set<ProcessingMode>();
  #retries = 0;
  #rateLimited = 0;
  /** Calls that outlived their abort and the grace. */
  #leaked = 0;
  #pausedMs = 0;
  #hedgesSent = 0;
  #hedgesWon = 0;
  /** Answers that took over the result of an identical one in flight. */
  #coalesced = 0;
  #cached = 0;
  readonly #limitHistory: LimitChange[] = [];
  #graded = 0;
  #failed = 0;
  #needsReview = 0;
  /** Answers that a rule or a word-for-word match graded. */
  #local = 0;
  #usage: TokenUsage | undefined;
  #firstResultMs: number | undefined;

  /** Calls that have not ended. */
  get callsInFlight(): number {
    return this.#callsInFlight;
  }

  /** Counts a call from its start, so that the peak in flight is right. */
  callStarted(mode: ProcessingMode): void {
    this.#peakInFlight = Math.max(this.#peakInFlight, ++this.#callsInFlight);
    this.#usedModes.add(mode);
    if (mode === 'parallel') this.#parallelCalls++;
  }

  /** A call was made about answers that the provider had been asked about before. */
  callRepeated(): void {
    this.#retries++;
  }

  /** Counts a call's end, its duration and its tokens, however it ended. */
  callEnded(durationMs: number, outcome: 'ok' | FailureCode, usage: TokenUsage | undefined): void {
    this.#callsInFlight--;
    this.#callMs.add(durationMs);
    if (outcome === 'rate_limited') this.#rateLimited++;
    if (usage !== undefined) this.#usage = addUsage(this.#usage, usage);
  }

  /** Counts a second copy that was sent. */
  hedgeSent(): void {
    this.#hedgesSent++;
  }

  /** Counts a second copy whose outcome was the one that counted. */
  hedgeWon(): void {
    this.#hedgesWon++;
  }

  /** Counts an answer that took over another's result. */
  answerCoalesced(): void {
    this.#coalesced++;
  }

  /** Keeps a change of a provider's adaptive limit for the report, in order. */
  limitChanged(change: LimitChange): void {
    this.#limitHistory.push(change);
  }

  /** Adds time during which a provider was paused. */
  paused(durationMs: number): void {
    this.#pausedMs += durationMs;
  }

  /** Counts a call that is left behind. */
  callLeaked(): void {
    this.#leaked++;
  }

  /** A call gave at least one verdict that counted. */
  verdictGiven(durationMs: number): void {
    this.#verdictMs = (this.#verdictMs ?? 0) + durationMs;
  }

  /** Counts an answer's one result; the first of the run also gives the time to the first result. */
  answerSettled(result: GradingResult, atMs: number): void {
    this.#firstResultMs ??= atMs;
    this.#queuedMs.add(result.queuedMs);
    if (result.status === 'failed') {
      this.#failed++;
      return;
    }
    this.#graded++;
    if (result.needsReview) this.#needsReview++;
    if (result.fromCache) this.#cached++;
    if (result.gradedBy === 'rule' || result.gradedBy === 'exact') this.#local++;
  }

  /** Modes in which calls were made. */
  get usedModes(): ReadonlySet<ProcessingMode> {
    return this.#usedModes;
  }

  /** Answers settled so far. */
  get counts(): { graded: number; failed: number } {
    return { graded: this.#graded, failed: this.#failed };
  }

  /** The report's metrics. Measures that need a verdict or a positive time stay `undefined` without one. */
  finish(totalMs: number, facts: RunFacts): ParallelProcessingMetrics {
    const verdictMs = this.#verdictMs;
    return {
      totalProcessingTimeMs: totalMs,
      parallelTasksSpawned: this.#parallelCalls,
      concurrentExecutionCount: this.#peakInFlight,
      averageTaskDurationMs: this.#callMs.mean,
      ...facts,
      estimatedSequentialTimeMs: verdictMs,
      timeSavedMs: verdictMs === undefined ? undefined : verdictMs - totalMs,
      speedup: verdictMs === undefined || totalMs <= 0 ? undefined : verdictMs / totalMs,
      gradedCount: this.#graded,
      failedCount: this.#failed,
      needsReviewCount: this.#needsReview,
      localCount: this.#local,
      cachedCount: this.#cached,
      coalescedCount: this.#coalesced,
      requests: this.#callMs.count,
      retries: this.#retries,
      hedges: { sent: this.#hedgesSent, won: this.#hedgesWon },
      rateLimited: this.#rateLimited,
      pausedMs: this.#pausedMs,
      latencyMs: summarise(this.#callMs),
      queueMs: summariseQueue(this.#queuedMs),
      timeToFirstResultMs: this.#firstResultMs,
      limitHistory: this.#limitHistory,
      usage: this.#usage,
      leaked: this.#leaked,
    };
  }
}

/** Quantiles of durations, in milliseconds; `undefined` without any. */
function summarise(durations: DurationSamples): LatencySummary | undefined {
  if (durations.count === 0) return undefined;
  const [p50, p95, p99, max] = durations.quantiles([0.5, 0.95, 0.99, 1]);
  return { p50, p95, p99, max };
}

/** The quantiles that a report tells of waiting. */
function summariseQueue(durations: DurationSamples): QueueSummary | undefined {
  const summary = summarise(durations);
  return summary && { p50: summary.p50, p95: summary.p95, max: summary.max };
}

/** Durations that are kept as they are: the quantiles of so many are exact. */
const EXACT_COUNT = 10_000;

/** Width of a histogram's bucket, as a logarithm: 1 %. */
const STEP = Math.log(1.01);

/** Shortest duration that is told apart, in milliseconds: 0 has no logarithm. */
const SHORTEST_MS = 1e-6;

/**
 * Histogram of durations in milliseconds, exact at first and logarithmic beyond that, so that however many there are,
 * they take a bounded amount of memory. Owned by the recorder.
 */
class DurationSamples {
  /** Durations as they came, not yet in buckets. */
  #exact: number[] = [];
  /** Counts by bucket, the rounded-up logarithm of a duration in steps; empty while the samples are exact. */
  readonly #countByStep = new Map<number, number>();
  #sum = 0;
  #max = 0;
  count = 0;

  get mean(): number | undefined {
    return this.count === 0 ? undefined : this.#sum / this.count;
  }

  /** Adds a duration; the samples are folded into buckets whenever too many are kept. */
  add(durationMs: number): void {
    this.count++;
    this.#sum += durationMs;
    this.#max = Math.max(this.#max, durationMs);
    this.#exact.push(durationMs);
    if (this.#exact.length > EXACT_COUNT) this.#fold();
  }

  /**
   * The nearest-rank quantiles: the smallest value that at least the given share does not exceed. Those of more than
   * 10,000 durations are at most 1 % too high.
   */
  quantiles<const Shares extends readonly number[]>(shares: Shares): { [Index in keyof Shares]: number } {
    // Samples in both forms could not be ranked together.
    if (this.#countByStep.size > 0) this.#fold();
    const sorted = Float64Array.from(this.#exact).toSorted();
    const steps = [...this.#countByStep].toSorted(([first], [second]) => first - second);
    const valueAt = (rank: number): number => {
      let left = rank - sorted.length;
      if (left <= 0) return sorted[rank - 1] ?? Number.NaN;
      const step = steps.find(([, count]) => (left -= count) <= 0);
      return step === undefined ? Number.NaN : Math.min(this.#max, Math.exp(step[0] * STEP));
    };
    // One value for each share.
    return shares.map((share) => valueAt(Math.max(1, Math.ceil(share * this.count)))) as {
      [Index in keyof Shares]: number;
    };
  }

  /** Moves all kept durations into their buckets. */
  #fold(): void {
    for (const durationMs of this.#exact) {
      const step = Math.ceil(Math.log(Math.max(durationMs, SHORTEST_MS)) / STEP);
      this.#countByStep.set(step, (this.#countByStep.get(step) ?? 0) + 1);
    }
    this.#exact = [];
  }
}
