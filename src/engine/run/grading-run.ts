import type { StopSignal } from '../../async/stop-signal.js';
import type { AnswerToGrade } from '../../contract/question.js';
import type { GradingResult } from '../../contract/result.js';
import type { Guards } from '../../grading/guards/load-guards.js';
import { underPolicy } from '../../grading/marks/outside-policy.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import type { PrefixWarmUp } from '../providers/prefix-warm-up.js';
import { RetryBudget } from '../spending/retry-budget.js';
import type { RunBudget } from '../spending/run-budget.js';
import type { EventDetails } from '../telemetry/log-events.js';
import { MetricsRecorder } from '../telemetry/metrics.js';
import { type InFlightAnswers, inFlightAnswersOf, LeadingAnswer } from './in-flight.js';
import type { PendingAnswer, StoredGrade } from './pending-answer.js';
import { type NamedGateChange, RunDispatchers } from './run-dispatchers.js';
import { RunListeners } from './run-listeners.js';

/** Stop signals of a run: they end all waiting within it. */
interface RunStops {
  /** Stops with the caller's abort or the deadline. */
  readonly stop: StopSignal;
  /** Stops with the caller's abort alone: a local provider grades on after the deadline. */
  readonly abort: StopSignal;
}

/** Finished parts of a run, made by `openRun`. */
export interface GradingRunParts extends RunStops {
  readonly options: ResolvedOptions;
  /** Name of the run in its events and call ids. */
  readonly runId: string;
  /** Milliseconds since the run began. */
  readonly elapsedMs: () => number;
  /** `undefined` where it is not known beforehand. */
  readonly answerCount: number | undefined;
  /** Takes every result, once. */
  readonly keep: (result: GradingResult) => void;
  readonly listeners: RunListeners;
  /** Absent where guards are switched off. */
  readonly guards: Guards | undefined;
  /** Writes down what two answers must have in common to share a grade. */
  readonly gradeKey: (answer: AnswerToGrade) => string;
  /** Absent where no provider keeps beginnings of prompts. */
  readonly warmUp: PrefixWarmUp | undefined;
  /** Spending budget, shared with other runs of the same budget object. Absent where nothing limits the run. */
  readonly budget: RunBudget | undefined;
  /** Keeps a grade for later runs. Absent without a cache. */
  readonly keepGrade: ((pending: PendingAnswer, grade: StoredGrade) => void) | undefined;
}

/**
 * Run: one call of a grading function, from options to report, as its steps share it. Built once, by `openRun`, from
 * finished parts; every answer's result goes out through it.
 */
export class GradingRun {
  readonly options: ResolvedOptions;
  readonly stop: StopSignal;
  readonly abort: StopSignal;
  readonly elapsedMs: () => number;
  readonly answerCount: number | undefined;
  readonly listeners: RunListeners;
  /** Tells an event. Absent when nobody listens. */
  readonly emit: ((details: EventDetails) => void) | undefined;
  readonly guards: Guards | undefined;
  readonly gradeKey: GradingRunParts['gradeKey'];
  readonly warmUp: PrefixWarmUp | undefined;
  readonly budget: RunBudget | undefined;
  readonly keepGrade: GradingRunParts['keepGrade'];
  readonly metrics: MetricsRecorder = new MetricsRecorder();
  readonly dispatchers: RunDispatchers;
  /** Retry budget: the allowance for repeated calls of any sort. */
  readonly retryBudget: RetryBudget;
  #misuse: Error | undefined;
  readonly #keep: GradingRunParts['keep'];
  readonly #runId: string;
  readonly #inFlight: InFlightAnswers;
  /** Answers that others may wait for, by position. */
  readonly #leading = new Map<number, LeadingAnswer>();
  #callCount = 0;

  constructor(parts: GradingRunParts) {
    const { options, answerCount, listeners } = parts;
    this.options = options;
    this.stop = parts.stop;
    this.abort = parts.abort;
    this.elapsedMs = parts.elapsedMs;
    this.answerCount = answerCount;
    this.listeners = listeners;
    this.emit = listeners.emit;
    this.guards = parts.guards;
    this.gradeKey = parts.gradeKey;
    this.warmUp = parts.warmUp;
    this.budget = parts.budget;
    this.keepGrade = parts.keepGrade;
    this.#keep = parts.keep;
    this.#runId = parts.runId;
    this.retryBudget = new RetryBudget(options.retry.budget);
    this.dispatchers = new RunDispatchers({
      options,
      answerCount,
      stopFor: (provider) => this.stopFor(provider),
      onChange: (change) => this.#gateChanged(change),
    });
    this.#inFlight = inFlightAnswersOf(this.dispatchers.sharedCore);
  }

  /** Error that the run rejects with, whatever was graded: misuse of a test double. `undefined` in a sound run. */
  get misuse(): Error | undefined {
    return this.#misuse;
  }

  /** Ends the run with an error of the test that made it; the first one counts. */
  reject(misuse: Error): void {
    this.#misuse ??= misuse;
    this.abort.stop('aborted');
    this.stop.stop('aborted');
  }

  /** Milliseconds until the deadline; `Infinity` without one. */
  timeLeftMs(): number {
    return (this.options.deadlineMs ?? Infinity) - this.elapsedMs();
  }

  /** Id of the next call: the run's id and a counter from 1, so that a provider can use it as an idempotency key. */
  nextCallId(): string {
    return `${this.#runId}-call-${++this.#callCount}`;
  }

  /**
   * Signal that ends waiting for this provider. A local one works inside the process and needs no deadline, so only an
   * abort stops it.
   */
  stopFor({ isLocal }: Pick<BoundProvider, 'isLocal'>): StopSignal {
    return isLocal ? this.abort : this.stop;
  }

  /** The result that an identical answer in flight will have; `undefined` lets this one be asked. */
  joinInFlight(index: number, answer: AnswerToGrade): Promise<GradingResult> | undefined {
    const joined = this.#inFlight.join(answer, () => this.gradeKey(answer));
    if (!(joined instanceof LeadingAnswer)) return joined;
    this.#leading.set(index, joined);
    return undefined;
  }

  /**
   * Gives an answer its one result: applies the review policy, keeps it, wakes identical answers in flight, and tells
   * the listeners. Each answer is settled once.
   */
  settle(given: GradingResult): void {
    const result = underPolicy(given, this.options.review);
    this.#keep(result);
    this.dispatchers.claim.answersLeft--;
    const leader = this.#leading.get(result.index);
    // Followers get the result before the policy of this run, as their own run applies its own.
    if (leader !== undefined) this.#inFlight.settle(leader, given);
    this.#leading.delete(result.index);
    this.metrics.answerSettled(result, this.elapsedMs());
    this.listeners.settled(result, this.metrics.counts);
  }

  /** Stops listening to gates that outlive the run, and books the time that they were paused. */
  release(): void {
    this.metrics.paused(this.dispatchers.release());
  }

  /** Records a gate's change of limit for the report, and emits every change as an event. */
  #gateChanged(change: NamedGateChange): void {
    if (change.type === 'limit-changed') {
      const { provider, from, to, reason } = change;
      this.metrics.limitChanged({ provider, atMs: this.elapsedMs(), from, to, reason });
    }
    this.emit?.(change);
  }
}
