import { Latch } from '../../async/latch.js';
import { each } from '../../async/streams.js';
import type { FallbackStep } from '../../contract/report.js';
import type { GradingRun } from '../run/grading-run.js';
import { type Judge, type Link, LinkEnd } from '../run/link.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import { settleFailed } from '../run/settle.js';
import { Strikes } from '../run/strikes.js';
import { stopFailure, whyOver } from '../run/why-over.js';
import { stepBetween, tellStep } from './fallback-step.js';
import { MODES } from './modes.js';
import type { LinkPlan } from './plan-chain.js';
import { listWork, sharingFor, type Work } from './share-call.js';

/** A run's chain: the links that it may come to, in order, and those who only give further opinions. */
export interface Chain {
  readonly run: GradingRun;
  readonly plans: readonly LinkPlan[];
  readonly judges: readonly Judge[];
}

/**
 * Walks the chain: every link takes only what the links before left ungraded. Settles each answer as soon as no later
 * link can take it. Returns the steps that were taken.
 */
export async function walkChain(chain: Chain, answers: AsyncIterable<PendingAnswer>): Promise<FallbackStep[]> {
  const { run, plans } = chain;
  const steps: FallbackStep[] = [];
  let left: readonly PendingAnswer[] = [];
  let before: LinkPlan | undefined;
  // Fallback: each round works one link to its end and passes on what that left.
  for (const [position, plan] of plans.entries()) {
    const takers = left.filter((pending) => pending.mayGoTo(plan.provider));
    if (position > 0 && (takers.length === 0 || isSkipped(run, plan, plans[position + 1], takers.length))) continue;
    // Answers that this provider has given up for good keep their place for a later provider.
    const others = left.filter((pending) => !pending.mayGoTo(plan.provider));
    for (const pending of takers) pending.enterLink();
    const ungraded: PendingAnswer[] = [];
    const work = listWork(position === 0 ? answers : each(takers));
    const step = before && stepBetween(run, before, plan, takers);
    await workLink(chain, plan, {
      work,
      leave: (pending) => ungraded.push(pending),
      // A step into a link that makes no call is none.
      onFirstCall: () => {
        if (step !== undefined) steps.push(tellStep(run, step));
        before = plan;
      },
    });
    // The answers came from the first link, also where that made no call.
    before ??= plan;
    left = settleHopeless(run, [...others, ...ungraded], plans.slice(position + 1));
  }
  settleHopeless(run, left, []);
  return steps;
}

/**
 * Answers that can be in calls of a link at the same time: its calls in flight times the answers in each. A stream
 * reads ahead in proportion to it.
 */
export function answersAtOnce(run: GradingRun, { provider, mode }: LinkPlan): number {
  const { maxConcurrentTasks = Infinity } = run.options;
  const { maxConcurrency = Infinity } = provider.capabilities;
  const calls = Math.min(maxConcurrentTasks, maxConcurrency, run.dispatchers.slotsFor(provider));
  return calls * (mode === 'batch' ? sharingFor(run, provider).width : 1);
}

/** Work of a link: the answers that it takes, and callbacks for what becomes of them. */
export interface LinkWork {
  readonly work: Work;
  /** Takes the answers that the link leaves ungraded. */
  readonly leave: Link['leave'];
  /** Runs once, when the link makes its first call; never for a link that makes none. */
  readonly onFirstCall: () => void;
}

/** Works one link until its answers are settled or left, watching the provider's gate and the run's stop meanwhile. */
export async function workLink(
  { run, judges }: Chain,
  { provider, mode, isFirstOfProvider, isLastOfProvider }: LinkPlan,
  { work, leave, onFirstCall }: LinkWork,
): Promise<void> {
  const gate = run.dispatchers.gateFor(provider);
  const end = new LinkEnd();
  // Circuit breaker, half-open: a call of another shape may get through where those before did not.
  if (!isFirstOfProvider) gate.circuit.allowProbe();
  const firstCall = new Latch();
  firstCall.onOpen(onFirstCall);
  const strikes = new Strikes();
  const link: Link = { run, provider, mode, isLastMode: isLastOfProvider, end, strikes, firstCall, judges, leave };
  const forget = run.stopFor(provider).onStop(() => end.wakeUp.open());
  // A change of the gate may end the link. Then nobody sits out a back-off before a call that is not made any more, or
  // waits behind those of other runs.
  const wakeIfOver = (): void => {
    if (whyOver(link) === undefined) return;
    end.wakeUp.open();
    run.dispatchers.dispatcherFor(provider).giveUpOver();
  };
  gate.listeners.add(wakeIfOver);
  await MODES[mode](link, work);
  gate.listeners.delete(wakeIfOver);
  forget();
}

/** True for a link of a stopped run, and for a batch of one answer, which would be the sequential call. */
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
    const takers = later.filter(({ provider }) => pending.mayGoTo(provider));
    if (takers.some(({ provider }) => run.stopFor(provider).reason === undefined)) return true;
    // What another link could have taken failed because the run stopped, anything else by what it met last.
    const stopped = takers.length > 0 && run.stop.reason !== undefined ? stopFailure(run.stop.reason) : undefined;
    settleFailed(run, pending, stopped ?? pending.failures.at(-1) ?? stopFailure('aborted'));
    return false;
  });
}
