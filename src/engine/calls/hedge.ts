import type { Link } from '../run/link.js';
import type { ResolvedHedge } from '../../input/resolved-options.js';
import type { CallFacts, CallOutcome, RunningCall } from './provider-call.js';
import type { GradingFailure } from '../../contract/failure.js';
import type { DroppedCall } from '../limits/dispatcher.js';
import type { GatePass } from '../limits/gate-pass.js';

/** Calls of a provider that must be known before one counts as late. */
const MIN_LATENCY_SAMPLES = 20;

/** A second copy that found no spare slot looks again so much later, in milliseconds. */
const LOOK_AGAIN_MS = 50;

/** Every call that was made; the first one gave the outcome that counts. */
export type CallOutcomes = readonly [counting: CallOutcome, ...others: CallOutcome[]];

/** A call under way that may get a second copy. */
export interface HedgedCall {
  readonly link: Link;
  readonly hedge: ResolvedHedge;
  readonly facts: CallFacts;
  readonly first: RunningCall;
  /** Tokens that its texts come to. */
  readonly tokens: number;
  /** Whether there is nothing left to ask for; a reply without a verdict is late as well. */
  readonly isUsable: (outcome: CallOutcome) => boolean;
  /** The reason why the first copy would not be sent any more either. */
  readonly whyOver: () => GradingFailure | undefined;
  readonly startSecond: (pass: GatePass) => RunningCall;
}

/**
 * Sends a second copy of a call that takes unusually long: into a spare slot, from the budget, never on a cold history.
 * The first usable outcome counts, and the other call is aborted.
 */
export async function hedgeCall(hedged: HedgedCall): Promise<CallOutcomes> {
  const { link, first, tokens, isUsable } = hedged;
  const { run, provider } = link;
  const delayMs = hedgeDelayMs(hedged);
  if (delayMs === undefined) return [await first.outcome];
  const { clock } = run.options;
  let isOver = false;
  let second: Promise<CallOutcome | DroppedCall<unknown>> | undefined;
  let timer: unknown;
  const look = (): void => {
    if (!mayHedge(hedged)) {
      timer = clock.setTimeout(look, LOOK_AGAIN_MS);
      return;
    }
    second = run.dispatchers.dispatcherFor(provider).run({
      isRetry: true,
      tokens,
      whyOver: () => (isOver ? 'not needed any more' : hedged.whyOver()),
      start: (pass) => runSecond(hedged, pass),
    });
  };
  timer = clock.setTimeout(look, delayMs);
  const firstOutcome = await first.outcome;
  isOver = true;
  clock.clearTimeout(timer);
  const secondOutcome = await second;
  if (secondOutcome === undefined || 'dropped' in secondOutcome) return [firstOutcome];
  const isWon = !isUsable(firstOutcome) && isUsable(secondOutcome);
  if (isWon) run.metrics.hedgeWon();
  // Of two that are not usable, a reply says more than a fault on its way.
  const isSecondBetter = isWon || (firstOutcome.error !== undefined && secondOutcome.error === undefined);
  return isSecondBetter ? [secondOutcome, firstOutcome] : [firstOutcome, secondOutcome];
}

/** Whichever of the two is usable first ends the other. */
async function runSecond(
  { link, facts, first, isUsable, startSecond }: HedgedCall,
  pass: GatePass,
): Promise<CallOutcome> {
  const { run, provider } = link;
  run.dispatchers.gateFor(provider).hedgeSent();
  run.metrics.hedgeSent();
  run.emit?.({ type: 'call-hedged', ...facts });
  const second = startSecond(pass);
  const endSecond = (outcome: CallOutcome): void => {
    if (isUsable(outcome)) second.cancel();
  };
  void first.outcome.then(endSecond);
  const outcome = await second.outcome;
  if (isUsable(outcome)) first.cancel();
  return outcome;
}

function hedgeDelayMs({ link: { run, provider }, hedge }: HedgedCall): number | undefined {
  const lateMs = run.dispatchers.gateFor(provider).latency.quantileMs(hedge.afterPercentile / 100, MIN_LATENCY_SAMPLES);
  return lateMs === undefined ? undefined : Math.max(lateMs, hedge.minDelayMs);
}

function mayHedge({ link: { run, provider }, hedge, whyOver }: HedgedCall): boolean {
  if (
    whyOver() !== undefined ||
    !run.dispatchers.dispatcherFor(provider).hasSpareSlot() ||
    run.budget?.hasRoom === false
  )
    return false;
  return run.dispatchers.gateFor(provider).mayHedge(hedge.budget) && run.retryBudget.spend();
}
