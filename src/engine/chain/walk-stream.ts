import type { AnswerQueue } from './answer-queue.js';
import { FailureCounts, fallbackStep, tellStep } from './fallback-step.js';
import type { LinkPlan } from './plan-chain.js';
import { type Chain, isSkipped, settleHopeless, workLink } from './walk-chain.js';
import type { GradingRun } from '../run/grading-run.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { FallbackStep } from '../../contract/report.js';

/** The chain of a stream, with the queues between its links. */
export interface StreamChain extends Chain {
  /** One queue per link; the first one is filled by the stream. */
  readonly queues: readonly AnswerQueue[];
  /** Answers without a result. */
  readonly ungraded: () => number;
}

/**
 * Pipeline: walks the chain over a stream, with all links at work at the same time. An answer that one link leaves
 * ungraded goes on to the next at once, so that nothing piles up between links, whatever a provider does: an answer
 * waits for a link, is in a call, or has its result. Returns the steps that were taken, each once with all its answers.
 */
export async function walkStream(chain: StreamChain): Promise<FallbackStep[]> {
  const { run, plans, queues, ungraded } = chain;
  const steps = new StepTally(run, plans);
  const goOn = (pending: PendingAnswer, position: number): void => {
    // An answer that no later link can take is settled here, and its way ends.
    if (settleHopeless(run, [pending], plans.slice(position + 1)).length === 0) return;
    const next = plans.findIndex(
      (plan, at) => at > position && pending.mayGoTo(plan.provider) && !isSkipped(run, plan, plans[at + 1], ungraded()),
    );
    const plan = plans[next];
    if (plan === undefined) return;
    steps.add(pending, plan);
    pending.enterLink();
    queues[next]?.push(pending);
  };
  await Promise.all(
    plans.map(async (plan, position) => {
      const work = queues[position];
      const leave = (pending: PendingAnswer): void => goOn(pending, position);
      if (work !== undefined) await workLink(chain, plan, { work, leave, onFirstCall: () => steps.called(plan) });
      // A link that has ended leaves nothing more, so the queue of the next one ends here, in the order of the links.
      queues[position + 1]?.close();
    }),
  );
  return steps.taken();
}

/** Count of the answers that went from one link to another, with the failures that made them go. */
interface Tally {
  readonly before: LinkPlan;
  readonly plan: LinkPlan;
  readonly counts: FailureCounts;
}

/**
 * Tally of the fallback steps of a stream: counts the answers that went from one mode or provider to another, and their
 * reasons. Owned by one walk of the chain, as long as that lasts.
 */
class StepTally {
  readonly #run: GradingRun;
  readonly #plans: readonly LinkPlan[];
  /** Tallies by the positions of both links in the plan. */
  readonly #tallies = new Map<string, Tally>();
  /** Links that have made a call: only steps into these are told. */
  readonly #called = new Set<LinkPlan>();

  constructor(run: GradingRun, plans: readonly LinkPlan[]) {
    this.#run = run;
    this.#plans = plans;
  }

  /** An answer goes on to a link. The first one that takes a step is told as an event, once that link makes a call. */
  add(pending: PendingAnswer, plan: LinkPlan): void {
    const before = this.#plans.find((other) => pending.wasAsked(other.provider) && pending.effort.mode === other.mode);
    // An answer of which nobody was asked came to the first link.
    const from = before ?? this.#plans[0] ?? plan;
    const key = `${this.#plans.indexOf(from)} ${this.#plans.indexOf(plan)}`;
    const tally = this.#tallies.get(key) ?? { before: from, plan, counts: new FailureCounts() };
    this.#tallies.set(key, tally);
    tally.counts.add(pending.failures.at(-1));
    if (tally.counts.total === 1 && this.#called.has(plan)) this.#tell(tally);
  }

  /** Notes that a link has made its first call, and tells the steps that led to it. */
  called(plan: LinkPlan): void {
    this.#called.add(plan);
    for (const tally of this.#tallies.values()) if (tally.plan === plan) this.#tell(tally);
  }

  /** The steps into links that made calls: a step without one is none. */
  taken(): FallbackStep[] {
    const tallies = [...this.#tallies.values()].filter(({ plan }) => this.#called.has(plan));
    return tallies.map(({ before, plan, counts }) => fallbackStep(this.#run, before, plan, counts));
  }

  #tell({ before, plan, counts }: Tally): void {
    tellStep(this.#run, fallbackStep(this.#run, before, plan, counts));
  }
}
