import type { GradingFailure } from '../../contract/failure.js';
import type { ResolvedHedge } from '../../input/resolved-options.js';
import type { DroppedCall } from '../limits/dispatcher.js';
import type { GatePass } from '../limits/gate-pass.js';
import type { Link } from '../run/link.js';
import { type CallOutcome, eventBase, type ProviderCall, type RunningCall } from './provider-call.js';

/** Time until a second copy that may not be sent yet is considered again, in milliseconds. */
const LOOK_AGAIN_MS = 50;

/** Rounding of timers, in milliseconds: a wait with less than this left is over, as clocks count in fractions. */
const TIMER_STEP_MS = 1;

/** Time between looks at a provider's history while it is too short to call anything late, in milliseconds. */
const LOOK_FOR_HISTORY_MS = 1_000;

/** Outcomes of every copy of a call that was made; the first one counts, all are charged. */
export type CallOutcomes = readonly [counting: CallOutcome, ...others: CallOutcome[]];

/** A call under way that may get a second copy. */
export interface HedgedCall {
  readonly link: Link;
  readonly hedge: ResolvedHedge;
  readonly call: ProviderCall;
  /** The second copy, which differs by its attempt number. */
  readonly second: ProviderCall;
  readonly running: RunningCall;
  /** Tokens that the texts of the call come to. */
  readonly tokens: number;
  /** True if there is nothing left to ask for; a reply without a verdict is late as well. */
  readonly isUsable: (outcome: CallOutcome) => boolean;
  /** The reason why the first copy would not be sent any more either. */
  readonly whyOver: () => GradingFailure | undefined;
  readonly startSecond: (pass: GatePass) => RunningCall;
}

/**
 * Hedged request: sends a second copy of a call that takes unusually long, from the hedge budget and never on a cold
 * history. The first usable outcome counts, and the other call is aborted (Dean and Barroso, "The Tail at Scale", 2013).
 */
export async function hedgeCall(hedged: HedgedCall): Promise<CallOutcomes> {
  // The watch starts its timer at once and runs beside the first copy until `end`.
  const late = new LateCall(hedged);
  const firstOutcome = await hedged.running.outcome;
  const secondOutcome = await late.end();
  if (secondOutcome === undefined) return [firstOutcome];
  const { isUsable, link } = hedged;
  const isWon = !isUsable(firstOutcome) && isUsable(secondOutcome);
  if (isWon) link.run.metrics.hedgeWon();
  // Of two that are not usable, a reply says more than a fault on its way.
  const isSecondBetter = isWon || (firstOutcome.error !== undefined && secondOutcome.error === undefined);
  return isSecondBetter ? [secondOutcome, firstOutcome] : [firstOutcome, secondOutcome];
}

/**
 * Watch over one call: decides when it is late and sends the second copy. Where hedging is for stalled calls, it gives
 * both up as timed out when the second one stalls too, or gets no slot because all are held by such calls. Owned by the
 * call, as long as its first copy lasts.
 */
class LateCall {
  readonly #hedged: HedgedCall;
  readonly #startedAtMs: number;
  #second: Promise<CallOutcome | DroppedCall<unknown>> | undefined;
  #runningSecond: RunningCall | undefined;
  #isOver = false;
  #timer: unknown;

  constructor(hedged: HedgedCall) {
    this.#hedged = hedged;
    this.#startedAtMs = this.#clock.now();
    const lateMs = this.#lateMs();
    this.#lookIn(lateMs ?? Math.max(hedged.hedge.minDelayMs, LOOK_FOR_HISTORY_MS));
  }

  /**
   * Ends the watch when the first copy is over. Resolves to the second copy's outcome if that was sent; a second copy
   * that still waits for a slot is given up.
   */
  async end(): Promise<CallOutcome | undefined> {
    const { run, provider } = this.#hedged.link;
    this.#isOver = true;
    this.#clock.clearTimeout(this.#timer);
    if (this.#second === undefined) return undefined;
    if (this.#runningSecond === undefined) run.dispatchers.dispatcherFor(provider).giveUpOver();
    const outcome = await this.#second;
    if (!('dropped' in outcome)) return outcome;
    // A copy that was never sent gives back the estimate that was set aside for it.
    run.budget?.release(this.#hedged.second);
    return undefined;
  }

  get #clock(): Link['run']['options']['clock'] {
    return this.#hedged.link.run.options.clock;
  }

  /** Sets the watch's timer for the next look. */
  #lookIn(delayMs: number): void {
    this.#timer = this.#clock.setTimeout(() => this.#look(), delayMs);
  }

  /** Decides at a timer: waits on while the call is not late yet or no copy may go, else sends the second copy. */
  #look(): void {
    const lateMs = this.#lateMs();
    const leftMs = lateMs === undefined ? LOOK_FOR_HISTORY_MS : lateMs - (this.#clock.now() - this.#startedAtMs);
    if (leftMs > TIMER_STEP_MS) return this.#lookIn(leftMs);
    if (!this.#maySend()) return this.#lookIn(LOOK_AGAIN_MS);
    this.#send();
    if (!this.#hedged.hedge.isForStalled || lateMs === undefined) return;
    this.#timer = this.#clock.setTimeout(() => this.#giveUp(), lateMs);
  }

  /** The age at which the call is late, in milliseconds; `undefined` while too few calls of its provider are known. */
  #lateMs(): number | undefined {
    const { link, hedge } = this.#hedged;
    const { latency } = link.run.dispatchers.gateFor(link.provider);
    const usualMs = latency.quantileMs(hedge.afterPercentile / 100, hedge.minKnownCalls);
    return usualMs === undefined ? undefined : Math.max(hedge.timesPercentile * usualMs, hedge.minDelayMs);
  }

  /**
   * True if the second copy is allowed by the link, a free slot, the hedge budget, the retry budget and the run's
   * budget, in this order. Spends from the budgets, so it is asked only just before sending.
   */
  #maySend(): boolean {
    const { link, hedge, second, whyOver } = this.#hedged;
    const { run, provider } = link;
    if (whyOver() !== undefined) return false;
    // A stalled call holds a slot for nothing: its second copy may wait for the next one.
    if (!hedge.isForStalled && !run.dispatchers.dispatcherFor(provider).hasSpareSlot()) return false;
    if (!run.dispatchers.gateFor(provider).mayHedge(hedge.budget, hedge.isForStalled) || run.retryBudget.isEmpty) {
      return false;
    }
    return run.budget?.reserve(second) !== false && run.retryBudget.spend();
  }

  /** Sends the second copy on the way of every call: through the gate and a slot, before what waits. */
  #send(): void {
    const { link, tokens, whyOver } = this.#hedged;
    const { run, provider } = link;
    run.dispatchers.gateFor(provider).hedgeSent();
    this.#second = run.dispatchers.dispatcherFor(provider).run({
      isRetry: true,
      tokens,
      whyBusy: () => 'not needed any more' as const,
      whyOver: () => (this.#isOver ? 'not needed any more' : whyOver()),
      start: (pass) => this.#run(pass),
    });
  }

  /** Runs the second copy in its slot. The first of the two with a usable outcome cancels the other. */
  async #run(pass: GatePass): Promise<CallOutcome> {
    const { link, call, running, isUsable, startSecond } = this.#hedged;
    link.run.metrics.hedgeSent();
    link.run.emit?.({ type: 'call-hedged', ...eventBase(call) });
    const second = startSecond(pass);
    this.#runningSecond = second;
    void running.outcome.then((outcome) => {
      if (isUsable(outcome)) second.cancel();
    });
    const outcome = await second.outcome;
    if (isUsable(outcome)) running.cancel();
    return outcome;
  }

  /** Times out both copies: the call ends as one timeout, and may be repeated like any other. */
  #giveUp(): void {
    this.#hedged.running.timeOut();
    this.#runningSecond?.timeOut();
  }
}
