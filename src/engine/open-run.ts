import { watchFrozenTime } from '../async/frozen-time.js';
import { StopSignal } from '../async/stop-signal.js';
import { MODE_CHAIN } from '../contract/mode.js';
import { tellRunEnded } from '../contract/run-ended.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { FallbackStep, ParallelProcessingMetrics, ProcessingModeUsed } from '../contract/report.js';
import type { GradingResult, ProcessingMode } from '../contract/result.js';
import { createGuards } from '../grading/guards/load-guards.js';
import type { ResolvedOptions } from '../input/resolved-options.js';
import { type ChainPlan, planChain, planSingleMode } from './chain/plan-chain.js';
import type { Chain } from './chain/walk-chain.js';
import { bindJudges, bindProviders } from './providers/bound-provider.js';
import { createPrefixWarmUp } from './providers/prefix-warm-up.js';
import { gradeKeyFor } from './reuse/grade-key.js';
import { createResume, type Resume } from './reuse/resume.js';
import { openCache } from './reuse/run-cache.js';
import { GradingRun } from './run/grading-run.js';
import { LinkEnd } from './run/link.js';
import type { PendingAnswer } from './run/pending-answer.js';
import { RunListeners } from './run/run-listeners.js';
import { RunBudget } from './spending/run-budget.js';

/** A run that has begun. */
export interface OpenRun {
  readonly run: GradingRun;
  readonly chain: Chain;
  /** Looks for what an earlier run has graded. Absent where nobody asks. */
  readonly resume: Resume | undefined;
  /** Settles the answers whose grades are in the cache; the others come out in their order. */
  readonly lookUp: (answers: AsyncIterable<PendingAnswer>) => AsyncIterable<PendingAnswer>;
  /** Ends it: tells what was done, once all results are told. */
  readonly finish: (fallbacks: readonly FallbackStep[]) => Promise<ParallelProcessingMetrics>;
  /** Stops it, as the caller's signal does. */
  readonly abort: () => void;
  /** Disconnects it from the caller's signal, the deadline and what outlives it. */
  readonly release: () => void;
}

/** Settings that differ between a run over a list and one over a stream. */
export interface OpenRunSettings {
  /** `undefined` where it is not known beforehand: a stream counts as many. */
  readonly answerCount: number | undefined;
  /** All of them, where they are known beforehand. */
  readonly answers?: readonly AnswerToGrade[];
  /** Takes the place of the chain of modes. */
  readonly onlyMode: ProcessingMode | undefined;
  /** Takes every result, once. */
  readonly keep: (result: GradingResult) => void;
}

/** Runs of this process so far, by which they are named. */
let runCount = 0;

/**
 * Begins a run whose options and answers are checked.
 *
 * @throws {GradingOptionsError} if a provider cannot work in the only mode.
 */
export function openRun(options: ResolvedOptions, { answerCount, answers, onlyMode, keep }: OpenRunSettings): OpenRun {
  const providers = bindProviders(options);
  const judges = bindJudges(options);
  const plan =
    onlyMode === undefined
      ? planChain(options, providers, answerCount ?? Infinity)
      : planSingleMode(onlyMode, providers);
  const startedAtMs = options.clock.now();
  const elapsedMs = (): number => options.clock.now() - startedAtMs;
  const runId = `run-${++runCount}`;
  const { stop, abort, abortRun, disarm } = armStops(options);
  const listeners = new RunListeners({ options, runId, elapsedMs, abort, answerCount });
  const gradeKey = gradeKeyFor(options, [...providers, ...judges]);
  const shared = { options, stop, abort, emit: listeners.emit, gradeKey };
  const cache = openCache(shared, [...providers, ...judges]);
  const keepsPrefixes = providers.some(({ capabilities }) => capabilities.cachedPrefixTokens !== undefined);
  const run = new GradingRun({
    ...shared,
    ...{ runId, elapsedMs, answerCount, keep, listeners },
    guards: options.guards && createGuards(options.guards),
    warmUp: keepsPrefixes ? createPrefixWarmUp(options, answerCount, answers) : undefined,
    budget: options.budget && new RunBudget(options.budget, stop),
    keepGrade: cache && ((pending, grade) => cache.keep(pending, grade)),
  });
  run.emit?.({
    type: 'run-started',
    answerCount,
    requestedMode: options.mode,
    selectedMode: plan.selectedMode,
    providers: providers.map(({ name }) => name),
  });
  const stopWatching = watchFrozenTime(
    options.clock,
    () => run.metrics.callsInFlight === 0,
    (error) => run.reject(error),
  );
  return {
    run,
    chain: { run, plans: plan.links, judges: judges.map((provider) => ({ provider, end: new LinkEnd() })) },
    resume: options.resumeFrom === undefined && options.onResult === undefined ? undefined : createResume(shared),
    lookUp: (asked) => cache?.unknown(run, asked) ?? asked,
    finish: async (fallbacks) => {
      await Promise.all([listeners.resultsTold(), cache?.written(), tellRunEnded(options.providers)]);
      run.release();
      return finish(run, plan, fallbacks);
    },
    abort: abortRun,
    release: () => {
      run.release();
      disarm();
      stopWatching();
    },
  };
}

/** A run's stop signals, connected to the caller's signal and the deadline until they are disarmed. */
interface ArmedStops {
  readonly stop: StopSignal;
  readonly abort: StopSignal;
  readonly abortRun: () => void;
  readonly disarm: () => void;
}

/** Connects two stop signals to the caller's signal, and one of them to the deadline as well. */
function armStops({ signal, deadlineMs, clock }: ResolvedOptions): ArmedStops {
  const [stop, abort] = [new StopSignal(), new StopSignal()];
  const abortRun = (): void => {
    abort.stop('aborted');
    stop.stop('aborted');
  };
  if (signal?.aborted === true) abortRun();
  signal?.addEventListener('abort', abortRun, { once: true });
  const timer =
    deadlineMs === undefined
      ? undefined
      : { handle: clock.setTimeout(() => stop.stop('deadline_exceeded'), deadlineMs) };
  const disarm = (): void => {
    signal?.removeEventListener('abort', abortRun);
    if (timer !== undefined) clock.clearTimeout(timer.handle);
  };
  return { stop, abort, abortRun, disarm };
}

/** Makes the metrics and tells the end of the run. */
function finish(
  run: GradingRun,
  { selectedMode, replacedReason }: ChainPlan,
  fallbacks: readonly FallbackStep[],
): ParallelProcessingMetrics {
  const reasons = [replacedReason, ...fallbacks.map(({ reason }) => reason)].filter((reason) => reason !== undefined);
  const metrics = run.metrics.finish(run.elapsedMs(), {
    requestedMode: run.options.mode,
    selectedMode,
    processingModeUsed: modeUsed(run, selectedMode),
    fallbackReason: reasons.length === 0 ? undefined : reasons.join('; '),
    fallbacks,
    cost: run.budget?.cost,
  });
  run.emit?.({ type: 'run-ended', metrics });
  return metrics;
}

/** The last mode of the chain in which a call was made, marked as a fallback if the run did not begin in it. */
function modeUsed(run: GradingRun, selectedMode: ProcessingMode): ProcessingModeUsed | undefined {
  const deepest = MODE_CHAIN.findLast((mode) => run.metrics.usedModes.has(mode));
  if (deepest === undefined || deepest === 'parallel' || deepest === selectedMode) return deepest;
  return `${deepest}_fallback`;
}
