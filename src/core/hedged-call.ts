import type { Link } from './link.js';
import { eventBase, startCall, type CallOutcome, type ProviderCall, type RunningCall } from './provider-call.js';
import type { GatePass } from './provider-gate.js';

/** Calls of a provider that must be known before one counts as late. */
const MIN_LATENCY_SAMPLES = 20;

/** A second copy that found no spare slot looks again so much later, in milliseconds. */
const LOOK_AGAIN_MS = 50;

/** Every call that was made; the first one gave the outcome that counts. */
export type CallOutcomes = readonly [counting: CallOutcome, ...others: CallOutcome[]];

/**
 * Makes a call and, where hedging is on and the call takes unusually long, a second copy of it: into a spare slot, from
 * the budget, never on a cold history. The first usable outcome counts, and the other call is aborted.
 *
 * @param isUsable Whether there is nothing left to ask for; a reply without a verdict is late as well.
 */
export function callWithHedge(
  link: Link,
  call: ProviderCall,
  pass: GatePass,
  isUsable: (outcome: CallOutcome) => boolean,
): Promise<CallOutcomes> {
  const first = startCall(link.run, call, pass);
  const delayMs = hedgeDelayMs(link);
  return delayMs === undefined ? first.outcome.then(alone) : raceSecondCopy(link, call, first, delayMs, isUsable);
}

function alone(outcome: CallOutcome): CallOutcomes {
  return [outcome];
}

async function raceSecondCopy(
  link: Link,
  call: ProviderCall,
  first: RunningCall,
  delayMs: number,
  isUsable: (outcome: CallOutcome) => boolean,
): Promise<CallOutcomes> {
  const { run, provider } = link;
  const { clock } = run.options;
  let isOver = false;
  let second: Promise<CallOutcome | undefined> | undefined;
  let timer: unknown;
  const look = (): void => {
    if (!mayHedge(link)) {
      timer = clock.setTimeout(look, LOOK_AGAIN_MS);
      return;
    }
    second = run.laneFor(provider).run({
      isRetry: true,
      tokens: 0,
      isOver: () => isOver,
      start: (pass) => startSecondCopy(link, call, first, pass, isUsable),
    });
  };
  timer = clock.setTimeout(look, delayMs);
  const firstOutcome = await first.outcome;
  isOver = true;
  clock.clearTimeout(timer);
  const secondOutcome = await second;
  if (secondOutcome === undefined) return [firstOutcome];
  const isWon = !isUsable(firstOutcome) && isUsable(secondOutcome);
  if (isWon) run.metrics.hedgeWon();
  // Of two that are not usable, a reply says more than a fault on its way.
  const isSecondBetter = isWon || (firstOutcome.error !== undefined && secondOutcome.error === undefined);
  return isSecondBetter ? [secondOutcome, firstOutcome] : [firstOutcome, secondOutcome];
}

/** Whichever of the two is usable first ends the other. */
async function startSecondCopy(
  link: Link,
  call: ProviderCall,
  first: RunningCall,
  pass: GatePass,
  isUsable: (outcome: CallOutcome) => boolean,
): Promise<CallOutcome> {
  const { run } = link;
  run.gateFor(link.provider).hedgeSent();
  run.metrics.hedgeSent();
  run.emit?.({ type: 'call-hedged', ...eventBase(call) });
  const second = startCall(run, { ...call, attempt: call.attempt + 1 }, pass);
  const endSecond = (outcome: CallOutcome): void => {
    if (isUsable(outcome)) second.cancel();
  };
  void first.outcome.then(endSecond);
  const outcome = await second.outcome;
  if (isUsable(outcome)) first.cancel();
  return outcome;
}

function hedgeDelayMs({ run, provider }: Link): number | undefined {
  const { hedge } = run.options;
  if (hedge === undefined || provider.isLocal) return undefined;
  const lateMs = run.gateFor(provider).latency.quantileMs(hedge.afterPercentile / 100, MIN_LATENCY_SAMPLES);
  return lateMs === undefined ? undefined : Math.max(lateMs, hedge.minDelayMs);
}

function mayHedge({ run, provider }: Link): boolean {
  const { hedge } = run.options;
  if (hedge === undefined || !run.laneFor(provider).hasSpareSlot() || run.budget?.hasRoom === false) return false;
  return run.gateFor(provider).mayHedge(hedge.budget) && run.retryBudget.spend();
}
