import type { FailureCode, GradingFailure } from '../../contract/failure.js';
import { fallbackSentence } from '../../contract/fallback-sentence.js';
import type { FallbackStep } from '../../contract/report.js';
import type { GradingRun } from '../run/grading-run.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { LinkPlan } from './plan-chain.js';

/**
 * Tally of failures by code, which names the commonest. Made for one fallback step; a stream's tally grows as answers
 * go on.
 */
export class FailureCounts {
  /** Number of additions, answers without a failure included. */
  total = 0;
  /** For each code the newest failure, whose message is told, and the number of failures. */
  readonly #byCode = new Map<FailureCode, { failure: GradingFailure; count: number }>();

  add(failure: GradingFailure | undefined): void {
    this.total++;
    if (failure === undefined) return;
    const count = (this.#byCode.get(failure.code)?.count ?? 0) + 1;
    this.#byCode.set(failure.code, { failure, count });
  }

  /** The newest failure of the commonest code; of codes that are equally common, the first that was added. */
  get commonest(): GradingFailure | undefined {
    return [...this.#byCode.values()].toSorted((first, second) => second.count - first.count)[0]?.failure;
  }
}

/** The step that these answers take from one link to another, with the failures that each of them met last. */
export function stepBetween(
  run: GradingRun,
  before: LinkPlan,
  plan: LinkPlan,
  takers: readonly PendingAnswer[],
): FallbackStep {
  const counts = new FailureCounts();
  for (const { failures } of takers) counts.add(failures.at(-1));
  return fallbackStep(run, before, plan, counts);
}

/** Emits the step as an event, and returns it for the report. */
export function tellStep(run: GradingRun, step: FallbackStep): FallbackStep {
  run.emit?.({ type: 'fallback-taken', step });
  return step;
}

/** The step of so many answers from one link to another, and the failures that it was taken for. */
export function fallbackStep(
  { answerCount }: Pick<GradingRun, 'answerCount'>,
  before: LinkPlan,
  plan: LinkPlan,
  { total, commonest }: FailureCounts,
): FallbackStep {
  // Two links of one provider differ in their mode, so the step is named by modes; otherwise providers name it.
  const isSameProvider = before.provider === plan.provider;
  const [from, to] = isSameProvider ? [before.mode, plan.mode] : [before.provider.name, plan.provider.name];
  // Answers may be left without a failure of their own.
  const cause = commonest?.message ?? 'they were left ungraded';
  return {
    kind: isSameProvider ? 'mode' : 'provider',
    from,
    to,
    code: commonest?.code ?? 'unknown',
    reason: fallbackSentence({ from, to, answerCount: total }, cause, answerCount),
    answerCount: total,
  };
}
