import type { BoundProvider } from '../providers/bound-provider.js';
import { coreOf, createConcurrencyController, type ControllerCore } from '../limits/create-controller.js';
import { inFlightAnswersOf, LeadingAnswer, type InFlightAnswers } from './in-flight.js';
import type { ConcurrencyControllerOptions } from '../../contract/controller.js';
import { type EventDetails, logEvent } from '../telemetry/log-events.js';
import { notify } from '../telemetry/notify.js';
import type { GradingEvent } from '../../contract/grading-event.js';
import type { Guards } from '../../grading/guards/load-guards.js';
import type { Claim } from '../limits/fair-queue.js';
import { MetricsRecorder } from '../telemetry/metrics.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { PendingAnswer, StoredGrade } from './pending-answer.js';
import type { PrefixWarmUp } from '../providers/prefix-warm-up.js';
import type { GradingItem } from '../../contract/provider.js';
import type { AnswerToGrade } from '../../contract/question.js';
import type { GateChange, ProviderGate } from '../limits/provider-gate.js';
import type { GradingResult } from '../../contract/result.js';
import { RetryBudget } from '../spending/retry-budget.js';
import type { RunBudget } from '../spending/run-budget.js';
import { Dispatcher } from '../limits/dispatcher.js';
import { StopSignal } from '../../async/stop-signal.js';
import { waitWithGrace } from '../../async/waiting.js';
import { tokensOfCall } from '../spending/estimate-tokens.js';
import { Semaphore } from '../../async/semaphore.js';

let runCount = 0;

/** A run takes no further answers while so many promises of `onResult` are open. */
const MOST_UNTOLD = 10;

/** What a run is made of. */
export interface GradingRunParts {
  readonly options: ResolvedOptions;
  /** Who gives further opinions on doubtful grades, where that is not the provider itself. */
  readonly judges: readonly BoundProvider[];
  /** `undefined` where it is not known beforehand. */
  readonly answerCount: number | undefined;
  /** Takes every result, once. */
  readonly keep: (result: GradingResult) => void;
  readonly guards: Guards | undefined;
  readonly answerKey: (answer: AnswerToGrade) => string;
  /** Absent where no provider keeps beginnings of prompts. */
  readonly warmUp: PrefixWarmUp | undefined;
}

/** The state of one run: what its steps share. */
export class GradingRun {
  readonly options: ResolvedOptions;
  /** Absent where they are switched off. */
  readonly guards: Guards | undefined;
  readonly judges: readonly BoundProvider[];
  readonly warmUp: PrefixWarmUp | undefined;
  readonly metrics: MetricsRecorder = new MetricsRecorder();
  /** `undefined` where it is not known beforehand. */
  readonly answerCount: number | undefined;
  /** Ends with the caller's abort or the deadline. */
  readonly stop: StopSignal = new StopSignal();
  /** Ends with the caller's abort alone: a local provider grades on after the deadline. */
  readonly abort: StopSignal = new StopSignal();
  /** Absent when nobody listens, so that `run.emit?.({...})` costs nothing. */
  readonly emit: ((details: EventDetails) => void) | undefined;
  /** This run's claim on the controller's slots. */
  readonly claim: Claim;
  /** What the run may spend on repeated calls. */
  readonly retryBudget: RetryBudget;
  /** What two answers must have in common to share a grade. */
  readonly answerKey: GradingRunParts['answerKey'];
  /** What the run may spend. Absent where nothing limits it. */
  budget: RunBudget | undefined;
  /** Keeps a grade for later runs. Absent without a cache. */
  keepGrade: ((pending: PendingAnswer, grade: StoredGrade) => void) | undefined;
  /** Gives an answer its key; true if an earlier run has graded it, and it is settled. Absent where nobody asks. */
  recall: ((pending: PendingAnswer) => false | Promise<boolean>) | undefined;
  readonly #keep: GradingRunParts['keep'];
  readonly #runId: string;
  readonly #startedAt: number;
  readonly #dispatchers = new Map<BoundProvider, Dispatcher>();
  readonly #gates = new Map<BoundProvider, ProviderGate>();
  readonly #resultListeners = new Set<Promise<void>>();
  readonly #core: ControllerCore;
  readonly #inFlight: InFlightAnswers;
  /** Answers that others may wait for, by position. */
  readonly #leading = new Map<number, LeadingAnswer>();
  readonly #watched = new Map<ProviderGate, () => void>();
  /** Judges are asked while the provider works: one limit for all of them. */
  readonly #semaphore: Semaphore | undefined;
  #localCore: ControllerCore | undefined;
  #callCount = 0;

  constructor({ options, judges, answerCount, keep, guards, answerKey, warmUp }: GradingRunParts) {
    this.options = options;
    this.guards = guards;
    this.judges = judges;
    this.warmUp = warmUp;
    this.answerCount = answerCount;
    this.#keep = keep;
    this.#runId = `run-${++runCount}`;
    this.#startedAt = options.clock.now();
    this.#core = coreOf(options.controller ?? createConcurrencyController(controllerOptions(options)));
    this.claim = this.#core.newClaim(options.priority, answerCount ?? Infinity);
    this.answerKey = answerKey;
    this.#inFlight = inFlightAnswersOf(this.#core);
    this.retryBudget = new RetryBudget(options.retry.budget);
    if (judges.length > 0) this.#semaphore = new Semaphore(options.maxConcurrentTasks ?? Infinity);
    this.emit = this.#emitter();
  }

  /** Milliseconds since the run started. */
  elapsedMs(): number {
    return this.options.clock.now() - this.#startedAt;
  }

  /** Milliseconds until the deadline; `Infinity` without one. */
  timeLeftMs(): number {
    return (this.options.deadlineMs ?? Infinity) - this.elapsedMs();
  }

  nextCallId(): string {
    return `${this.#runId}-call-${++this.#callCount}`;
  }

  stopFor(provider: BoundProvider): StopSignal {
    return provider.isLocal ? this.abort : this.stop;
  }

  /** The provider's door, shared by all runs of the controller. */
  gateFor(provider: BoundProvider): ProviderGate {
    const known = this.#gates.get(provider);
    if (known !== undefined) return known;
    const gate = this.coreFor(provider).gateFor(provider.identity, provider.name);
    this.#gates.set(provider, gate);
    return gate;
  }

  /** Slots of the controller that the provider's calls go through. */
  slotsFor(provider: BoundProvider): number {
    return this.coreFor(provider).queue.concurrency;
  }

  /** Tokens that the texts of a call come to; 0 where nobody counts them, in this process or over several. */
  tokensOfCall(provider: BoundProvider, items: readonly GradingItem[]): number {
    const gate = this.gateFor(provider);
    if (!gate.countsTokens && this.coreFor(provider).limiter === undefined) return 0;
    return tokensOfCall(provider, items, this.options.instructions);
  }

  /** How this run's calls to a provider get their slots. */
  dispatcherFor(provider: BoundProvider): Dispatcher {
    const known = this.#dispatchers.get(provider);
    if (known !== undefined) return known;
    const core = this.coreFor(provider);
    const dispatcher = new Dispatcher({
      core,
      gate: this.gateFor(provider),
      provider: provider.name,
      claim: this.claim,
      limit: Math.min(this.options.maxConcurrentTasks ?? Infinity, provider.capabilities.maxConcurrency ?? Infinity),
      stop: this.stopFor(provider),
      semaphore: provider.isLocal ? undefined : this.#semaphore,
    });
    this.#dispatchers.set(provider, dispatcher);
    this.#watch(this.gateFor(provider), provider.name);
    return dispatcher;
  }

  /** Stops listening to what outlives the run. */
  release(): void {
    for (const forget of this.#watched.values()) forget();
    this.#watched.clear();
  }

  /** Local providers need none of the shared slots. */
  coreFor(provider: BoundProvider): ControllerCore {
    if (!provider.isLocal) return this.#core;
    const { maxConcurrentTasks, clock, random } = this.options;
    this.#localCore ??= coreOf(createConcurrencyController({ maxConcurrentTasks, clock, random }));
    return this.#localCore;
  }

  #watch(gate: ProviderGate, provider: string): void {
    if (this.#watched.has(gate)) return;
    const pausedBeforeMs = gate.pausedMs();
    const listener = (change: GateChange): void => {
      if (change.type === 'limit-changed') {
        const { from, to, reason } = change;
        this.metrics.limitChanged({ provider, atMs: this.elapsedMs(), from, to, reason });
      }
      this.emit?.({ ...change, provider });
    };
    const pauseMs = gate.pauseLeftMs();
    if (pauseMs > 0)
      this.emit?.({ type: 'provider-paused', provider, pauseMs, reason: 'it was paused before this run' });
    gate.listeners.add(listener);
    this.#watched.set(gate, () => {
      gate.listeners.delete(listener);
      this.metrics.paused(gate.pausedMs() - pausedBeforeMs);
    });
  }

  /** The result that an identical answer in flight will have; `undefined` lets this one be asked. */
  joinInFlight(index: number, answer: AnswerToGrade): Promise<GradingResult> | undefined {
    const joined = this.#inFlight.join(answer, () => this.answerKey(answer));
    if (!(joined instanceof LeadingAnswer)) return joined;
    this.#leading.set(index, joined);
    return undefined;
  }

  settle(result: GradingResult): void {
    this.#keep(result);
    this.claim.answersLeft--;
    const leader = this.#leading.get(result.index);
    if (leader !== undefined) this.#inFlight.settle(leader, result);
    this.#leading.delete(result.index);
    this.metrics.answerSettled(result, this.elapsedMs());
    this.emit?.(
      result.status === 'graded'
        ? { type: 'answer-graded', index: result.index, result }
        : { type: 'answer-failed', index: result.index, result },
    );
    const { onProgress, onResult, logger } = this.options;
    if (onResult !== undefined) this.#tellResult(onResult, result);
    if (onProgress === undefined) return;
    const { graded, failed } = this.metrics.counts;
    void notify(onProgress, { completed: graded + failed, total: this.answerCount, graded, failed, result }, logger);
  }

  /** Resolves when what the user's `onResult` returned has settled; after an abort, within the grace. */
  async resultsTold(): Promise<void> {
    if (this.#resultListeners.size === 0) return;
    const told = waitWithGrace(Promise.all(this.#resultListeners), this.options.abortGraceMs, this.options.clock);
    const forget = this.abort.onStop(() => void told.startGrace());
    await told.outcome;
    forget();
  }

  /** Resolves when a listener of results that lags has caught up, or the run is aborted; `undefined` if none lags. */
  listenersKeepUp(): Promise<void> | undefined {
    return this.#resultListeners.size < MOST_UNTOLD ? undefined : this.#untilListenersKeepUp();
  }

  async #untilListenersKeepUp(): Promise<void> {
    while (this.#resultListeners.size >= MOST_UNTOLD && this.abort.reason === undefined) {
      await new Promise<void>((resolve) => {
        const forget = this.abort.onStop(resolve);
        void Promise.race(this.#resultListeners).then(() => {
          forget();
          resolve();
        });
      });
    }
  }

  #tellResult(onResult: NonNullable<ResolvedOptions['onResult']>, result: GradingResult): void {
    const told = notify(onResult, result, this.options.logger);
    if (told === undefined) return;
    this.#resultListeners.add(told);
    void told.then(() => this.#resultListeners.delete(told));
  }

  #emitter(): ((details: EventDetails) => void) | undefined {
    const { onEvent, logger } = this.options;
    if (onEvent === undefined && logger === undefined) return undefined;
    return (details) => {
      const event: GradingEvent = { ...details, atMs: this.elapsedMs(), runId: this.#runId };
      void notify(onEvent, event, logger);
      if (logger !== undefined) void notify((each: GradingEvent) => logEvent(logger, each), event, undefined);
    };
  }
}

/** A run without a controller makes its own, shaped by its options. */
function controllerOptions(options: ResolvedOptions): ConcurrencyControllerOptions {
  const { maxConcurrentTasks, adaptive, limits, clock, random } = options;
  return { maxConcurrentTasks, adaptive, limits, clock, random };
}
