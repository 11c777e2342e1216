import { Latch } from '../../async/latch.js';
import { each } from '../../async/streams.js';
import type { FallbackStep } from '../../contract/report.js';
import type { ProcessingMode } from '../../contract/result.js';
import type { GradingRun } from '../run/grading-run.js';
import type { Link } from '../run/link.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import { settleFailed } from '../run/settle.js';
import { isOver, stopFailure } from '../run/why-over.js';
import { takeStep } from './fallback-step.js';
import { batchWidth, gradeInBatches, gradeInParallel, gradeOneByOne } from './modes.js';
import type { LinkPlan } from './plan-chain.js';

const GRADERS: Readonly<Record<ProcessingMode, (link: Link, work: AsyncIterable<PendingAnswer>) => Promise<void>>> = {
  parallel: gradeInParallel,
  batch: gradeInBatches,
  sequential: gradeOneByOne,
};

/**
 * Walks the chain: every link takes only what the links before left ungraded. Settles each answer as soon as no later
 * link can take it. Returns the steps that were taken.
 */
export async function walkChain(
  run: GradingRun,
  plans: readonly LinkPlan[],
  answers: AsyncIterable<PendingAnswer>,
): Promise<FallbackStep[]> {
  const steps: FallbackStep[] = [];
  let left: readonly PendingAnswer[] = [];
  let before: LinkPlan | undefined;
  for (const [position, plan] of plans.entries()) {
    const takers = left.filter((pending) => mayTake(plan, pending));
    if (before !== undefined) {
      if (takers.length === 0 || isSkipped(run, plan, plans[position + 1], takers.length)) continue;
      steps.push(takeStep(run, before, plan, takers));
    }
    const others = left.filter((pending) => !mayTake(plan, pending));
    for (const pending of takers) Object.assign(pending, { faults: 0, rejections: 0 });
    const ungraded: PendingAnswer[] = [];
    await workLink(run, plan, before === undefined ? answers : each(takers), (pending) => ungraded.push(pending));
    left = settleHopeless(run, [...others, ...ungraded], plans.slice(position + 1));
    before = plan;
  }
  settleHopeless(run, left, []);
  return steps;
}

/** Answers that can be in calls of a link at the same time. */
export function answersAtOnce(run: GradingRun, { provider, mode }: LinkPlan): number {
  const { maxConcurrentTasks = Infinity } = run.options;
  const calls = Math.min(maxConcurrentTasks, provider.capabilities.maxConcurrency ?? Infinity, run.slotsFor(provider));
  return calls * (mode === 'batch' ? batchWidth(run, provider) : 1);
}

/** Works one link. `leave` takes the answers that it leaves ungraded. */
export async function workLink(
  run: GradingRun,
  { provider, mode, isFirstOfProvider }: LinkPlan,
  takers: AsyncIterable<PendingAnswer>,
  leave: Link['leave'],
): Promise<void> {
  const stop = run.stopFor(provider);
  const gate = run.gateFor(provider);
  const wakeUp = new Latch();
  // A call of another shape may get through where those before did not.
  if (!isFirstOfProvider) gate.circuit.allowProbe();
  const link: Link = { run, provider, mode, fatal: undefined, wakeUp, leave };
  const forget = stop.onStop(() => wakeUp.open());
  // Nobody sits out a back-off before a call that is not made any more, or waits behind those of other runs.
  const wakeIfOver = (): void => {
    if (!isOver(link)) return;
    wakeUp.open();
    run.dispatcherFor(provider).giveUpOver();
  };
  gate.listeners.add(wakeIfOver);
  await GRADERS[mode](link, takers);
  gate.listeners.delete(wakeIfOver);
  forget();
}

/** The provider has not given the answer up. */
export function mayTake({ provider }: LinkPlan, { doneWithProvider }: PendingAnswer): boolean {
  return provider.index > doneWithProvider;
}

/** A stopped run has no further links, and a batch of one answer would be the sequential call. */
export function isSkipped(run: GradingRun, plan: LinkPlan, next: LinkPlan | undefined, takerCount: number): boolean {
  if (run.stopFor(plan.provider).reason !== undefined) return true;
  return plan.mode === 'batch' && takerCount === 1 && !plan.isFirstOfProvider && next?.provider === plan.provider;
}

/** Settles what no later link can take; returns the rest. */
export function settleHopeless(
  run: GradingRun,
  waiting: readonly PendingAnswer[],
  later: readonly LinkPlan[],
): readonly PendingAnswer[] {
  return waiting.filter((pending) => {
    const takers = later.filter((plan) => mayTake(plan, pending));
    if (takers.some(({ provider }) => run.stopFor(provider).reason === undefined)) return true;
    // What another link could have taken failed because the run stopped, anything else by what it met last.
    const stopped = takers.length > 0 && run.stop.reason !== undefined ? stopFailure(run.stop.reason) : undefined;
    settleFailed(run, pending, stopped ?? pending.failures.at(-1) ?? stopFailure('aborted'));
    return false;
  });
}
