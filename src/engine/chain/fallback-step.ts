import type { FailureCode, GradingFailure } from '../../contract/failure.js';
import { fallbackSentence } from '../../contract/fallback-sentence.js';
import type { FallbackStep } from '../../contract/report.js';
import type { GradingRun } from '../run/grading-run.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { LinkPlan } from './plan-chain.js';

/** Counts failures by code. */
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

export function takeStep(
  run: GradingRun,
  before: LinkPlan,
  plan: LinkPlan,
  takers: readonly PendingAnswer[],
): FallbackStep {
  const counts = new FailureCounts();
  for (const { failures } of takers) counts.add(failures.at(-1));
  const step = fallbackStep(run, before, plan, counts);
  run.emit?.({ type: 'fallback-taken', step });
  return step;
}

/** Says that answers went from one link to another, and for what failures. */
export function fallbackStep(
  { answerCount, retryBudget }: Pick<GradingRun, 'answerCount' | 'retryBudget'>,
  before: LinkPlan,
  plan: LinkPlan,
  { total, commonest }: FailureCounts,
): FallbackStep {
  const isSameProvider = before.provider === plan.provider;
  const [from, to] = isSameProvider ? [before.mode, plan.mode] : [before.provider.name, plan.provider.name];
  const cause = commonest?.message ?? 'they were left ungraded';
  // Whoever wonders why so few calls were made.
  const end = retryBudget.isEmpty ? "; the run's budget for repeated calls is spent" : '';
  return {
    kind: isSameProvider ? 'mode' : 'provider',
    from,
    to,
    code: commonest?.code ?? 'unknown',
    reason: fallbackSentence({ from, to, answerCount: total }, `${cause}${end}`, answerCount),
    answerCount: total,
  };
}
