import { prepareAsking } from './ask.js';
import { bindJudges, bindProviders } from './bound-provider.js';
import { prepareOpinions } from './further-opinions.js';
import { GradingRun, type GradingRunParts } from './grading-run.js';
import { loadGuards } from './guards.js';
import { prepareHedging } from './hedging.js';
import { prepareRules } from './local-step.js';
import { MODE_CHAIN } from './mode.js';
import type { ResolvedOptions } from './options.js';
import type { PendingAnswer } from './pending-answer.js';
import { planChain, planSingleMode, type ChainPlan } from './plan-chain.js';
import type { AnswerToGrade } from './question.js';
import type { FallbackStep, ParallelProcessingMetrics, ProcessingModeUsed } from './report.js';
import type { GradingResult, ProcessingMode } from './result.js';
import { prepareProviders } from '../grading/prompt-grader.js';

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

/** What a run uses that is loaded first: chunks of their own, which bundlers keep small. */
interface LoadedParts extends Pick<GradingRunParts, 'guards' | 'createGate'> {
  readonly createAnswerKey: typeof import('./answer-key.js').createAnswerKey;
  /** Absent where no provider keeps beginnings of prompts. */
  readonly createPrefixWarmUp: typeof import('./prefix-warm-up.js').createPrefixWarmUp | undefined;
  readonly RunBudget: typeof import('./run-budget.js').RunBudget | undefined;
  readonly openCache: typeof import('./run-cache.js').openCache | undefined;
  /** Absent where no answer needs a key. */
  readonly createRecall: typeof import('./recall.js').createRecall | undefined;
}

/** Loads what a run needs, before it begins. */
export async function prepareRun(options: ResolvedOptions): Promise<LoadedParts> {
  const keepsPrefixes = options.providers.some(({ capabilities }) => capabilities?.cachedPrefixTokens !== undefined);
  const [{ ProviderGate }, { createAnswerKey }, guards, warmUps, cache, budgets, recall] = await Promise.all([
    import('./provider-gate.js'),
    import('./answer-key.js'),
    options.guards && loadGuards(options.guards),
    keepsPrefixes ? import('./prefix-warm-up.js') : undefined,
    options.cache && import('./run-cache.js'),
    options.budget && import('./run-budget.js'),
    options.resumeFrom || options.onResult ? import('./recall.js') : undefined,
    prepareAsking(),
    prepareRules(options),
    prepareOpinions(options),
    prepareHedging(options),
    prepareProviders(options.providers),
  ]);
  return {
    guards,
    createGate: (settings) => new ProviderGate(settings),
    createAnswerKey,
    createPrefixWarmUp: warmUps?.createPrefixWarmUp,
    openCache: cache?.openCache,
    RunBudget: budgets?.RunBudget,
    createRecall: recall?.createRecall,
  };
}

/**
 * Begins a run whose options and answers are checked.
 *
 * @throws {GradingOptionsError} if a provider cannot work in the only mode.
 */
export function openRun(
  options: ResolvedOptions,
  { guards, createGate, createAnswerKey, createPrefixWarmUp, openCache, RunBudget, createRecall }: LoadedParts,
  { answerCount, answers, onlyMode, keep }: OpenRunSettings,
): OpenRun {
  const providers = bindProviders(options);
  const chain =
    onlyMode === undefined
      ? planChain(options, providers, answerCount ?? Infinity)
      : planSingleMode(onlyMode, providers);
  const judges = bindJudges(options);
  const answerKey = createAnswerKey(options, [...providers, ...judges]);
  const warmUp = createPrefixWarmUp?.(options, answerCount, answers);
  const run = new GradingRun({ options, judges, answerCount, keep, guards, createGate, answerKey, warmUp });
  run.recall = createRecall?.(run);
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
  if (options.budget !== undefined && RunBudget !== undefined) run.budget = new RunBudget(options.budget, run.stop);
  const cache = openCache?.(run, [...providers, ...judges]);
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
