import type { FailureCode, GradingFailure } from '../../contract/failure.js';
import { fallbackSentence } from '../../contract/fallback-sentence.js';
import type { FallbackStep } from '../../contract/report.js';
import type { GradingRun } from '../run/grading-run.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { LinkPlan } from './plan-chain.js';

/** Failures by code, to name the commonest. */
export class FailureCounts {
  /** What was added, answers without a failure too. */
  total = 0;
  readonly #byCode = new Map<FailureCode, { failure: GradingFailure; count: number }>();

  add(failure: GradingFailure | undefined): void {
    this.total++;
    if (failure === undefined) return;
    const count = (this.#byCode.get(failure.code)?.count ?? 0) + 1;
    this.#byCode.set(failure.code, { failure, count });
  }

  /** The last one of the commonest code. */
  get commonest(): GradingFailure | undefined {
    return [...this.#byCode.values()].toSorted((first, second) => second.count - first.count)[0]?.failure;
  }
}

/** The step of answers from one link to another. */
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
  const isSameProvider = before.provider === plan.provider;
  const [from, to] = isSameProvider ? [before.mode, plan.mode] : [before.provider.name, plan.provider.name];
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
