import { bindProviders } from './bound-provider.js';
import { GradingAbortedError, GradingOptionsError } from './errors.js';
import { each } from './each.js';
import { Followers } from './followers.js';
import type { GradingOptions } from './grading-options.js';
import { loadGuards } from './guards.js';
import { GradingRun } from './grading-run.js';
import { stopFailure } from './link.js';
import { prepareRules } from './local-step.js';
import { MODE_CHAIN } from './mode.js';
import { resolveOptions } from './options.js';
import { pendingAnswer } from './pending-answer.js';
import { planChain, planSingleMode, type ChainPlan } from './plan-chain.js';
import type { AnswerToGrade } from './question.js';
import type { FallbackStep, GradingReport, ProcessingModeUsed, ResultsFor } from './report.js';
import type { GradingResult, ProcessingMode } from './result.js';
import { settleFailed } from './settle-graded.js';
import { prepareProviders } from '../grading/prompt-grader.js';

/**
 * One run from options to report: checks everything, walks the chain, settles every answer exactly once.
 *
 * @param onlyMode Takes the place of the chain of modes.
 * @throws {GradingOptionsError} before any call, for misuse.
 * @throws {GradingAbortedError} with the partial report, when the caller's signal aborts.
 */
export async function runGrading<Answers extends readonly AnswerToGrade[]>(
  given: readonly AnswerToGrade[],
  givenOptions: GradingOptions,
  onlyMode: ProcessingMode | undefined,
): Promise<GradingReport<Answers>> {
  const options = resolveOptions(givenOptions);
  if (!Array.isArray(given)) throw new GradingOptionsError('answers', 'must be an array', typeof given);
  // Chunks of their own: bundlers keep each of them small.
  const [{ checkAnswers }, { walkChain }, { freshAnswers }, { ProviderGate }, { createAnswerKey }] = await Promise.all([
    import('./check-answers.js'),
    import('./chain.js'),
    import('./fresh-answers.js'),
    import('./provider-gate.js'),
    import('./answer-key.js'),
    prepareRules(options),
    prepareProviders(options.providers),
  ]);
  const guards = options.guards && (await loadGuards(options.guards));
  const answers = await checkAnswers(given);
  const providers = bindProviders(options);
  const chain =
    onlyMode === undefined ? planChain(options, providers, answers.length) : planSingleMode(onlyMode, providers);
  const run = new GradingRun({
    options,
    answerCount: answers.length,
    guards,
    createGate: (settings) => new ProviderGate(settings),
    answerKey: createAnswerKey(options, providers),
  });
  run.emit?.({
    type: 'run-started',
    answerCount: answers.length,
    requestedMode: options.mode,
    selectedMode: chain.selectedMode,
    providers: providers.map(({ name }) => name),
  });
  const release = armStops(run);
  try {
    const followers = new Followers(run);
    const steps = await walkChain(run, chain.links, freshAnswers(run, answers, followers));
    const alone = await followers.settled();
    if (alone.length > 0) steps.push(...(await walkChain(run, chain.links, each(alone))));
    settleRest(run, answers);
    await run.resultsTold();
    run.release();
    return finish<Answers>(run, chain, steps);
  } finally {
    run.release();
    release();
  }
}

/** Connects the caller's signal and the deadline; returns what disconnects both. */
function armStops({ options, stop, abort }: GradingRun): () => void {
  const { signal, deadlineMs, clock } = options;
  const onAbort = (): void => {
    abort.stop('aborted');
    stop.stop('aborted');
  };
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

/** Answers that an aborted run never came to. */
function settleRest(run: GradingRun, answers: readonly AnswerToGrade[]): void {
  if (!run.results.includes(undefined)) return;
  for (const [index, source] of answers.entries()) {
    if (run.results[index] === undefined) settleFailed(run, pendingAnswer(index, source), stopFailure('aborted'));
  }
}

function finish<Answers extends readonly AnswerToGrade[]>(
  run: GradingRun,
  { selectedMode, replacedReason }: ChainPlan,
  fallbacks: readonly FallbackStep[],
): GradingReport<Answers> {
  const reasons = [replacedReason, ...fallbacks.map(({ reason }) => reason)].filter((reason) => reason !== undefined);
  const metrics = run.metrics.finish(run.elapsedMs(), {
    requestedMode: run.options.mode,
    selectedMode,
    processingModeUsed: modeUsed(run, selectedMode),
    fallbackReason: reasons.length === 0 ? undefined : reasons.join('; '),
    fallbacks,
  });
  run.emit?.({ type: 'run-ended', metrics });
  // Every index was settled above, so the results are as long as the answers.
  const report = { results: run.results as readonly GradingResult[] as ResultsFor<Answers>, metrics };
  if (run.abort.reason !== undefined) throw new GradingAbortedError(report, run.options.signal?.reason);
  return report;
}

function modeUsed(
  run: GradingRun,
  selectedMode: GradingReport['metrics']['selectedMode'],
): ProcessingModeUsed | undefined {
  const deepest = MODE_CHAIN.findLast((mode) => run.metrics.usedModes.has(mode));
  if (deepest === undefined || deepest === 'parallel' || deepest === selectedMode) return deepest;
  return `${deepest}_fallback`;
}
