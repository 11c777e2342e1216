import type { SharedLimiter } from '../../contract/controller.js';
import type { ControllerCore } from './create-controller.js';
import type { Claim } from './fair-queue.js';
import { LatencyHistory } from './latency-history.js';
import type { GatePass } from './gate-pass.js';
import type { ProviderGate } from './provider-gate.js';
import type { StopSignal } from '../../async/stop-signal.js';
import type { Semaphore } from '../../async/semaphore.js';

/** A call that wants a slot. */
export interface DispatchedCall<T> {
  /** Goes before what the run has waiting. */
  readonly isRetry: boolean;
  /** Tokens that its texts come to; 0 does not say. */
  readonly tokens: number;
  /** True once it need not be made any more. */
  isOver(): boolean;
  start(pass: GatePass): Promise<T>;
}

/** What a lane is made of. */
export interface DispatcherOptions {
  readonly core: ControllerCore;
  readonly gate: ProviderGate;
  readonly provider: string;
  readonly claim: Claim;
  /** Most of the run's calls at once, where that is less than the controller's slots. */
  readonly limit: number;
  /** What the lane shares with others of the run that work at the same time; absent where it is the only one. */
  readonly semaphore?: Semaphore | undefined;
  readonly stop: StopSignal;
}

/** A call that has not begun. */
interface WaitingCall {
  readonly call: Pick<DispatchedCall<unknown>, 'isOver'>;
  /** Settles its promise; what it holds is given back when its turn comes. */
  readonly giveUp: () => void;
  isGivenUp: boolean;
}

/** One call on its way through a lane. */
interface Passage<T> extends WaitingCall {
  readonly call: DispatchedCall<T>;
  readonly resolve: (result: T | undefined) => void;
  readonly reject: (error: Error) => void;
  /** Tokens it is expected to take. */
  tokens: number;
}

/**
 * One run's way to one provider: the run's own limit, then the provider's gate, then a slot. Holds no slot while it
 * waits, and tells how much waits, so that the run takes no more answers than it can send.
 */
export class Dispatcher {
  /** How long this run's own calls took. */
  readonly latency: LatencyHistory = new LatencyHistory();
  readonly #options: DispatcherOptions;
  readonly #repeated: (() => void)[] = [];
  readonly #fresh: (() => void)[] = [];
  readonly #waiting = new Set<WaitingCall>();
  #admitted = 0;
  #wakePullers: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.#options = options;
    options.stop.onStop(() => {
      this.#giveUpSoon();
      // Nobody waits any more: the gate need not keep a timer for it.
      options.gate.refresh();
    });
  }

  /** The result of the call, or `undefined` if it was over before its turn came. */
  run<T>(call: DispatchedCall<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const { core, stop } = this.#options;
      const giveUp = (): void => {
        passage.isGivenUp = true;
        resolve(undefined);
      };
      const passage: Passage<T> = { call, resolve, reject, giveUp, isGivenUp: false, tokens: 0 };
      this.#waiting.add(passage);
      core.waiting.count++;
      if (stop.reason !== undefined) this.#giveUpSoon();
      this.#admit(passage);
    });
  }

  /** Whether a further call could start at once: nothing of anybody waits, and there is a slot. */
  hasSpareSlot(): boolean {
    const { core, gate, limit, semaphore } = this.#options;
    const isFree = core.queue.size === 0 && core.queue.pending < core.queue.concurrency;
    return (
      isFree && this.#waiting.size === 0 && this.#admitted < limit && semaphore?.hasRoom() !== false && gate.isOpen()
    );
  }

  /** Resolves when nothing of this run waits for a slot, or when the run has stopped; `undefined` if that is so. */
  room(): Promise<void> | undefined {
    if (this.#waiting.size === 0 || this.#options.stop.reason !== undefined) return undefined;
    return new Promise((resolve) => {
      this.#wakePullers.push(resolve);
    });
  }

  /** Settles what waits and need not be made any more, though others may be before it at the gate. */
  giveUpOver(): void {
    for (const waiting of this.#waiting) {
      if (!this.#isOver(waiting)) continue;
      waiting.giveUp();
      this.#begin(waiting);
    }
  }

  #isOver({ call, isGivenUp }: WaitingCall): boolean {
    return isGivenUp || this.#options.stop.reason !== undefined || call.isOver();
  }

  /** It waits no more. */
  #begin(waiting: WaitingCall): void {
    if (!this.#waiting.delete(waiting)) return;
    this.#options.core.waiting.count--;
    this.#wake();
  }

  #giveUpSoon(): void {
    // By a promise: Jest and sinon fake queueMicrotask with the timers.
    void Promise.resolve().then(() => this.giveUpOver());
  }

  #finish<T>(passage: Passage<T>, result: T | undefined): void {
    this.#begin(passage);
    this.#release();
    passage.resolve(result);
  }

  #fail<T>(passage: Passage<T>, error: unknown): void {
    this.#begin(passage);
    this.#release();
    passage.reject(error instanceof Error ? error : new Error('a call could not be made', { cause: error }));
  }

  #admit<T>(passage: Passage<T>): void {
    const { isRetry } = passage.call;
    if (this.#admitted < this.#options.limit) {
      this.#admitted++;
      this.#acquireSemaphore(passage);
    } else (isRetry ? this.#repeated : this.#fresh).push(() => this.#acquireSemaphore(passage));
  }

  #acquireSemaphore<T>(passage: Passage<T>): void {
    const { semaphore } = this.#options;
    const { isRetry } = passage.call;
    if (semaphore === undefined) this.#enterGate(passage, isRetry);
    else semaphore.acquire(() => this.#enterGate(passage, isRetry));
  }

  #release(): void {
    this.#options.semaphore?.release();
    const next = this.#repeated.shift() ?? this.#fresh.shift();
    if (next === undefined) this.#admitted--;
    else next();
  }

  #enterGate<T>(passage: Passage<T>, isRetry: boolean): void {
    const { gate, claim } = this.#options;
    if (this.#isOver(passage)) {
      this.#finish(passage, undefined);
      return;
    }
    // Not before: the calls that it waited for have taught.
    passage.tokens = gate.expectedTokens(passage.call.tokens);
    gate.enter({
      claim,
      isRetry,
      value: {
        tokens: passage.tokens,
        isWanted: () => !this.#isOver(passage),
        letThrough: () => this.#takeSlot(passage),
        drop: () => this.#finish(passage, undefined),
      },
    });
  }

  /** Plain promises from here on: an async function costs a kilobyte for each call that waits in it. */
  #takeSlot<T>(passage: Passage<T>): void {
    const { core, provider } = this.#options;
    if (core.limiter === undefined) this.#enqueue(passage);
    else void this.#askLimiter(core.limiter, provider, passage).then(() => this.#enqueue(passage));
  }

  async #askLimiter<T>(limiter: SharedLimiter, provider: string, { tokens }: Passage<T>): Promise<void> {
    try {
      await limiter.acquire({ provider, tokens });
    } catch {
      // A shared limiter that is down limits nothing.
    }
  }

  #enqueue<T>(passage: Passage<T>): void {
    const { core, gate, claim } = this.#options;
    const { isRetry } = passage.call;
    core.queue
      .add(() => this.#inSlot(passage), { claim, isRetry })
      .catch((error: unknown) => {
        gate.leave(passage.tokens);
        this.#fail(passage, error);
      });
  }

  /** Resolves when the slot is free. */
  #inSlot<T>(passage: Passage<T>): Promise<void> {
    const { core, gate, provider, claim } = this.#options;
    const { call, tokens } = passage;
    if (this.#isOver(passage)) {
      gate.leave(tokens);
      this.#finish(passage, undefined);
      return Promise.resolve();
    }
    const pass = gate.start(tokens, call.tokens, claim.priority === 'background');
    if (pass === undefined) {
      // The provider was paused while this call waited for its slot.
      this.#enterGate(passage, true);
      return Promise.resolve();
    }
    core.running.started(provider);
    this.#begin(passage);
    return call.start(pass).then(
      (result) => {
        this.#finish(passage, result);
        core.running.ended(provider);
      },
      (error: unknown) => {
        this.#fail(passage, error);
        core.running.ended(provider);
      },
    );
  }

  #wake(): void {
    if (this.#waiting.size > 0 || this.#wakePullers.length === 0) return;
    for (const wake of this.#wakePullers.splice(0)) wake();
  }
}
