import type { AnswerQueue } from './answer-queue.js';
import { FailureCounts, fallbackStep } from './fallback-step.js';
import type { LinkPlan } from './plan-chain.js';
import { type Chain, isSkipped, settleHopeless, workLink } from './walk-chain.js';
import type { GradingFailure } from '../../contract/failure.js';
import type { GradingRun } from '../run/grading-run.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { FallbackStep } from '../../contract/report.js';

/** The chain of a stream. */
export interface StreamChain extends Chain {
  /** One queue per link; the first one is filled by the stream. */
  readonly queues: readonly AnswerQueue[];
  /** Answers without a result. */
  readonly ungraded: () => number;
}

/**
 * Walks the chain over a stream: all links work at the same time, and an answer that one leaves ungraded goes on to the
 * next one at once. So nothing piles up between links, whatever a provider does: an answer waits for a link, is in a
 * call, or has its result. Returns the steps that were taken, each once with all its answers.
 */
export async function walkStream(chain: StreamChain): Promise<FallbackStep[]> {
  const { run, plans, queues, ungraded } = chain;
  const steps = new StepTally(run);
  const goOn = (pending: PendingAnswer, position: number): void => {
    if (settleHopeless(run, [pending], plans.slice(position + 1)).length === 0) return;
    const next = plans.findIndex(
      (plan, at) => at > position && pending.mayGoTo(plan.provider) && !isSkipped(run, plan, plans[at + 1], ungraded()),
    );
    const [before, plan] = [plans[position], plans[next]];
    if (before === undefined || plan === undefined) return;
    steps.add(before, plan, pending.failures.at(-1));
    pending.enterLink();
    queues[next]?.push(pending);
  };
  await Promise.all(
    plans.map(async (plan, position) => {
      const queue = queues[position];
      if (queue !== undefined) await workLink(chain, plan, queue, (pending) => goOn(pending, position));
      queues[position + 1]?.close();
    }),
  );
  return steps.all();
}

/** Counts the answers that went from one mode or provider to another, and why. */
class StepTally {
  readonly #run: GradingRun;
  readonly #taken = new Map<string, { before: LinkPlan; plan: LinkPlan; counts: FailureCounts }>();

  constructor(run: GradingRun) {
    this.#run = run;
  }

  /** The first answer that takes a step is told as an event. */
  add(before: LinkPlan, plan: LinkPlan, failure: GradingFailure | undefined): void {
    const isSameProvider = before.provider === plan.provider;
    const modes = isSameProvider ? `${before.mode} ${plan.mode}` : '';
    const key = `${before.provider.index} ${plan.provider.index} ${modes}`;
    const taken = this.#taken.get(key) ?? { before, plan, counts: new FailureCounts() };
    this.#taken.set(key, taken);
    taken.counts.add(failure);
    if (taken.counts.total > 1) return;
    this.#run.emit?.({ type: 'fallback-taken', step: fallbackStep(this.#run, before, plan, taken.counts) });
  }

  all(): FallbackStep[] {
    return [...this.#taken.values()].map(({ before, plan, counts }) => fallbackStep(this.#run, before, plan, counts));
  }
}
