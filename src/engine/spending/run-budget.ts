import type { BoundProvider } from '../providers/bound-provider.js';
import { estimateCall, type PricedCall } from './estimate-tokens.js';
import type { FailureCode, GradingFailure } from '../../contract/failure.js';
import type { Budget, Spending } from '../../contract/grading-options.js';
import { Doors, type Forgettable } from '../limits/doors.js';
import { costOf, dearestPrice, priceOf } from './prices.js';
import type { CallReport } from '../../contract/provider.js';
import type { TokenUsage } from '../../contract/result.js';
import type { StopSignal } from '../../async/stop-signal.js';

/**
 * Ledger of a budget: the sums set aside for calls in flight, and the lessons of those that ended. Shared by all runs
 * of the budget, as long as that lives.
 */
interface Ledger {
  readonly reserved: Spending;
  /** Wakes the calls that wait for others to end. */
  readonly waiting: Set<() => void>;
  readonly lessons: Doors<Lesson>;
}

/** Lesson of a provider: the sums that its calls were expected to take, and those that they took. */
interface Lesson extends Forgettable {
  readonly expected: Spending;
  readonly taken: Spending;
}

/**
 * Reservation: the sum set aside for a call, after what earlier calls have taught, and what its texts alone would say.
 */
interface Reservation {
  readonly estimate: Spending;
  readonly expected: Spending;
}

/** The ledger lies on what the budget has spent, so that two copies of this package in one process share it. */
const LEDGER = Symbol.for('gradelanes.ledger');

/** Ends of calls that a vendor does not charge for. */
const FREE_ENDS: ReadonlySet<string> = new Set([
  'rate_limited',
  'overloaded',
  'auth',
  'quota',
  'not_found',
  'server',
  'invalid_request',
]);

const NOTHING: Spending = { requests: 0, tokens: 0, cost: 0 };
const KINDS = ['requests', 'tokens', 'cost'] as const;
const LIMIT_NAMES = { requests: 'maxRequests', tokens: 'maxTokens', cost: 'maxCost' } as const;

/**
 * Two-phase spending: sets an estimate aside for every call before it is made, and puts the actual figures in its place
 * when the call has ended. A call that does not fit waits for those in flight, which may turn out cheaper. Owned by one
 * run; the budget and its ledger outlive it.
 */
export class RunBudget {
  readonly #budget: Budget;
  readonly #ledger: Ledger;
  readonly #stop: StopSignal;
  /** Sums set aside for the run's calls in flight. */
  readonly #reservations = new WeakMap<PricedCall, Reservation>();
  /** A provider whose next call did not fit gets no more of this run. */
  readonly #refused = new Map<BoundProvider, GradingFailure>();
  /** Calls of this run that wait for the budget. */
  #waitingCount = 0;
  readonly #wakePullers: (() => void)[] = [];
  #cost: number | undefined;
  /** False once a call's model had no price: a sum with gaps would mislead. */
  #isCostKnown: boolean;

  constructor(budget: Budget, stop: StopSignal) {
    this.#budget = budget;
    this.#stop = stop;
    this.#ledger = ledgerOf(budget);
    this.#isCostKnown = budget.limits.prices !== undefined;
  }

  /** Cost of the run's calls, as far as they told; `undefined` if one of their models has no price. */
  get cost(): number | undefined {
    return this.#isCostKnown ? this.#cost : undefined;
  }

  /** Makes a call once the budget has room for it; `undefined` if it has none. Waits only where it has to. */
  spend<T>(
    call: PricedCall,
    make: () => Promise<T | undefined>,
    refuse: (failure: GradingFailure) => void,
  ): Promise<T | undefined> {
    if (call.provider.isLocal) return make();
    const refused = this.#refused.get(call.provider);
    if (refused === undefined && this.reserve(call)) return this.#make(call, make);
    const waited = refused === undefined ? this.#waitForRoom(call) : Promise.resolve(false);
    return waited.then((hasRoom) => {
      if (hasRoom) return this.#make(call, make);
      if (this.#stop.reason !== undefined) return undefined;
      const failure = refused ?? this.#failure(call);
      this.#refused.set(call.provider, failure);
      refuse(failure);
      return undefined;
    });
  }

  /** Sets aside what a call is expected to take. False if it does not fit. */
  reserve(call: PricedCall): boolean {
    const reservation = this.#expected(call);
    if (this.#limitPassedBy(reservation.estimate, this.#ledger.reserved) !== undefined) return false;
    this.#reservations.set(call, reservation);
    add(this.#ledger.reserved, reservation.estimate, 1);
    return true;
  }

  /** True if one more call like those before would fit. */
  get hasRoom(): boolean {
    const { requests, tokens, cost } = this.#budget.spent;
    const average = { requests: 1, tokens: tokens / Math.max(1, requests), cost: cost / Math.max(1, requests) };
    return this.#limitPassedBy(average, this.#ledger.reserved) === undefined;
  }

  /** Resolves when no call of this run waits for the budget. For any number of pullers: a stream has one for each link. */
  async room(): Promise<void> {
    if (this.#waitingCount === 0) return;
    await new Promise<void>((resolve) => {
      this.#wakePullers.push(resolve);
    });
  }

  /** A call has ended: what it took takes the place of what was set aside. */
  ended(call: PricedCall, { usage, model }: CallReport, code: 'ok' | FailureCode): void {
    if (call.provider.isLocal) return;
    // Second copies have none: they go where there is room for one more call like those before.
    const reservation = this.#reservations.get(call) ?? this.#expected(call);
    const taken = usage === undefined ? undefined : this.#spendingOf(call, usage, model);
    if (taken !== undefined) this.#learn(call, reservation.expected, taken);
    const untold = FREE_ENDS.has(code) ? { tokens: 0, cost: 0 } : reservation.estimate;
    add(this.#budget.spent, { ...(taken ?? untold), requests: 1 }, 1);
    if (usage !== undefined) this.#addCost(call, usage, model);
    this.release(call);
  }

  /** Frees the sum set aside for a call. Idempotent: there is none for a call that has ended. */
  release(call: PricedCall): void {
    const reservation = this.#reservations.get(call);
    if (reservation === undefined) return;
    this.#reservations.delete(call);
    add(this.#ledger.reserved, reservation.estimate, -1);
    for (const wake of [...this.#ledger.waiting]) wake();
  }

  /** Makes a call for which a sum is set aside, and frees that if the call did not. */
  async #make<T>(call: PricedCall, make: () => Promise<T | undefined>): Promise<T | undefined> {
    try {
      return await make();
    } finally {
      // It may have been over before its turn came.
      this.release(call);
    }
  }

  /** Waits for ends of calls until the call fits; false if it never will, or the run has stopped. */
  async #waitForRoom(call: PricedCall): Promise<boolean> {
    this.#waitingCount++;
    let hasRoom = false;
    while (this.#ledger.reserved.requests > 0 && this.#stop.reason === undefined && !hasRoom) {
      // A call that would not fit even with nothing in flight need not wait.
      if (this.#limitPassedBy(this.#expected(call).estimate, NOTHING) !== undefined) break;
      // Any call that ends, of whichever run, may have turned out cheaper than its estimate.
      await this.#nextEnd();
      hasRoom = this.#stop.reason === undefined && this.reserve(call);
    }
    if (--this.#waitingCount === 0) for (const wake of this.#wakePullers.splice(0)) wake();
    return hasRoom || (this.#stop.reason === undefined && this.reserve(call));
  }

  /** The end of a call of any run, or of this run. */
  #nextEnd(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#ledger.waiting.delete(wake);
        forget();
        resolve();
      };
      this.#ledger.waiting.add(wake);
      let forget = (): void => {};
      forget = this.#stop.onStop(wake);
    });
  }

  /** Estimate of a call: what its texts tell, corrected by the ratio of actual to expected sums so far. */
  #expected(call: PricedCall): Reservation {
    const expected = this.#spendingOf(call, estimateCall(call), undefined);
    const lesson = this.#lessonOf(call);
    const ratio = (kind: 'tokens' | 'cost'): number =>
      lesson.expected[kind] === 0 ? 1 : lesson.taken[kind] / lesson.expected[kind];
    const { tokens, cost } = expected;
    return { expected, estimate: { requests: 1, tokens: tokens * ratio('tokens'), cost: cost * ratio('cost') } };
  }

  /** Tokens as a sum to spend. A model without a price counts as the dearest one, so that a budget is not passed. */
  #spendingOf({ provider }: PricedCall, usage: TokenUsage, model: string | undefined): Spending {
    const { prices = {} } = this.#budget.limits;
    const price = priceOf(prices, provider, model) ?? dearestPrice(prices);
    const cost = price === undefined ? 0 : costOf(price, usage);
    return { requests: 1, tokens: usage.inputTokens + usage.outputTokens, cost };
  }

  /** Adds an ended call to its provider's lesson. */
  #learn(call: PricedCall, expected: Spending, taken: Spending): void {
    const lesson = this.#lessonOf(call);
    add(lesson.expected, expected, 1);
    add(lesson.taken, taken, 1);
  }

  /** The provider's lesson, made with the first call. */
  #lessonOf({ provider }: PricedCall): Lesson {
    const fresh = (): Lesson => ({ expected: { ...NOTHING }, taken: { ...NOTHING }, isIdle: () => true });
    return this.#ledger.lessons.of(provider.limitKey, fresh);
  }

  /** Only what calls told, at the prices of their own models. */
  #addCost({ provider }: PricedCall, usage: TokenUsage, model: string | undefined): void {
    const { prices } = this.#budget.limits;
    if (prices === undefined) return;
    const price = priceOf(prices, provider, model);
    if (price === undefined) this.#isCostKnown = false;
    else this.#cost = (this.#cost ?? 0) + costOf(price, usage);
  }

  /** The first limit that so much more would pass; `undefined` if it fits. */
  #limitPassedBy(estimate: Spending, reserved: Spending): (typeof KINDS)[number] | undefined {
    const { limits, spent } = this.#budget;
    return KINDS.find(
      (kind) => spent[kind] + reserved[kind] + estimate[kind] > (limits[LIMIT_NAMES[kind]] ?? Infinity),
    );
  }

  /** Failure of a call that does not fit, naming the limit. */
  #failure(call: PricedCall): GradingFailure {
    const kind = this.#limitPassedBy(this.#expected(call).estimate, this.#ledger.reserved) ?? 'requests';
    const limit = this.#budget.limits[LIMIT_NAMES[kind]];
    const message = `one more call would pass the budget of ${LIMIT_NAMES[kind]} ${limit}`;
    return { code: 'budget_exceeded', message, scope: 'call', retryable: true };
  }
}

/** The budget's ledger, made by its first run. */
function ledgerOf({ spent }: { readonly spent: Spending & { readonly [LEDGER]?: Ledger } }): Ledger {
  const known = spent[LEDGER];
  if (known !== undefined) return known;
  const ledger: Ledger = { reserved: { ...NOTHING }, waiting: new Set(), lessons: new Doors() };
  Object.defineProperty(spent, LEDGER, { value: ledger });
  return ledger;
}

/** Adds a part to a sum, or takes it off. */
function add(sum: Spending, part: Spending, sign: 1 | -1): void {
  for (const kind of KINDS) sum[kind] += sign * part[kind];
  // Without calls in flight nothing is set aside, whatever fractions have left.
  if (sign === -1 && sum.requests === 0) Object.assign(sum, NOTHING);
}
