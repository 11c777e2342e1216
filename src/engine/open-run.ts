import { createAnswerKey } from './reuse/grade-key.js';
import { bindJudges, bindProviders } from './providers/bound-provider.js';
import { GradingRun } from './run/grading-run.js';
import { createGuards } from '../grading/guards/load-guards.js';
import { MODE_CHAIN } from '../contract/mode.js';
import type { ResolvedOptions } from '../input/resolved-options.js';
import type { PendingAnswer } from './run/pending-answer.js';
import { planChain, planSingleMode, type ChainPlan } from './chain/plan-chain.js';
import { createPrefixWarmUp } from './providers/prefix-warm-up.js';
import type { AnswerToGrade } from '../contract/question.js';
import { createRecall } from './reuse/resume.js';
import type { FallbackStep, ParallelProcessingMetrics, ProcessingModeUsed } from '../contract/report.js';
import type { GradingResult, ProcessingMode } from '../contract/result.js';
import { RunBudget } from './spending/run-budget.js';
import { openCache } from './reuse/run-cache.js';

/** A run that has begun. */
export interface OpenRun {
  readonly run: GradingRun;
  readonly chain: ChainPlan;
  /** Settles the answers whose grades are known already; the others come out in their order. */
  readonly lookUp: (answers: AsyncIterable<PendingAnswer>) => AsyncIterable<PendingAnswer>;
  /** Ends it: tells what was done, once all results are told. */
  readonly finish: (fallbacks: readonly FallbackStep[]) => Promise<ParallelProcessingMetrics>;
  /** Stops it, as the caller's signal does. */
  readonly abort: () => void;
  /** Disconnects it from the caller's signal, the deadline and what outlives it. */
  readonly release: () => void;
}

/** What differs between a run over a list and one over a stream. */
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

/**
 * Begins a run whose options and answers are checked.
 *
 * @throws {GradingOptionsError} if a provider cannot work in the only mode.
 */
export function openRun(options: ResolvedOptions, { answerCount, answers, onlyMode, keep }: OpenRunSettings): OpenRun {
  const providers = bindProviders(options);
  const chain =
    onlyMode === undefined
      ? planChain(options, providers, answerCount ?? Infinity)
      : planSingleMode(onlyMode, providers);
  const judges = bindJudges(options);
  const answerKey = createAnswerKey(options, [...providers, ...judges]);
  const keepsPrefixes = providers.some(({ capabilities }) => capabilities.cachedPrefixTokens !== undefined);
  const warmUp = keepsPrefixes ? createPrefixWarmUp(options, answerCount, answers) : undefined;
  const guards = options.guards && createGuards(options.guards);
  const run = new GradingRun({ options, judges, answerCount, keep, guards, answerKey, warmUp });
  if (options.resumeFrom !== undefined || options.onResult !== undefined) run.recall = createRecall(run);
  run.emit?.({
    type: 'run-started',
    answerCount,
    requestedMode: options.mode,
    selectedMode: chain.selectedMode,
    providers: providers.map(({ name }) => name),
  });
  const abort = (): void => {
    run.abort.stop('aborted');
    run.stop.stop('aborted');
  };
  const disarm = armStops(run, abort);
  if (options.budget !== undefined) run.budget = new RunBudget(options.budget, run.stop);
  const cache = openCache(run, [...providers, ...judges]);
  return {
    run,
    chain,
    lookUp: (asked) => cache?.unknown(asked) ?? asked,
    finish: async (fallbacks) => {
      await Promise.all([run.resultsTold(), cache?.written()]);
      run.release();
      return finish(run, chain, fallbacks);
    },
    abort,
    release: () => {
      run.release();
      disarm();
    },
  };
}

/** Connects the caller's signal and the deadline; returns what disconnects both. */
function armStops({ options, stop }: GradingRun, onAbort: () => void): () => void {
  const { signal, deadlineMs, clock } = options;
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    deadlineMs === undefined
      ? undefined
      : { handle: clock.setTimeout(() => stop.stop('deadline_exceeded'), deadlineMs) };
  return () => {
    signal?.removeEventListener('abort', onAbort);
    if (timer !== undefined) clock.clearTimeout(timer.handle);
  };
}

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

function modeUsed(run: GradingRun, selectedMode: ProcessingMode): ProcessingModeUsed | undefined {
  const deepest = MODE_CHAIN.findLast((mode) => run.metrics.usedModes.has(mode));
  if (deepest === undefined || deepest === 'parallel' || deepest === selectedMode) return deepest;
  return `${deepest}_fallback`;
}
