import type { SharedLimiter } from '../../contract/controller.js';
import type { ControllerCore } from './create-controller.js';
import type { Claim } from './fair-queue.js';
import { LatencyHistory } from './latency-history.js';
import type { GatePass } from './gate-pass.js';
import type { ProviderGate } from './provider-gate.js';
import type { StopSignal } from '../../async/stop-signal.js';
import type { Semaphore } from '../../async/semaphore.js';

/** A call that wants a slot. */
export interface DispatchedCall<T, Why> {
  /** Goes before what the run has waiting. */
  readonly isRetry: boolean;
  /** Tokens that its texts come to; 0 does not say. */
  readonly tokens: number;
  /** The reason why it need not be made any more, such as that its run has stopped; `undefined` while it is wanted. */
  whyOver(): Why | undefined;
  start(pass: GatePass): Promise<T>;
}

/** A call that was not made, and why. */
export interface DroppedCall<Why> {
  readonly dropped: Why;
}

/** What a dispatcher is made of. */
export interface DispatcherOptions {
  readonly core: ControllerCore;
  readonly gate: ProviderGate;
  readonly provider: string;
  readonly claim: Claim;
  /** Most of the run's calls at once, where that is less than the controller's slots. */
  readonly limit: number;
  /** Shared with the run's other dispatchers that work at the same time; absent where it is the only one. */
  readonly semaphore?: Semaphore | undefined;
  readonly stop: StopSignal;
}

/** A call that has not begun. */
interface WaitingCall {
  /** True once it need not be made any more; stays true. */
  readonly isOver: () => boolean;
  /** Tells its owner that it is dropped; what it holds is given back when its turn comes. */
  readonly drop: () => void;
}

/** One call on its way to a slot. */
interface Passage extends WaitingCall {
  readonly isRetry: boolean;
  /** Tokens that its texts come to. */
  readonly estimate: number;
  /** Never rejects; resolves to what tells the result. */
  readonly start: (pass: GatePass) => Promise<() => void>;
  readonly fail: (error: unknown) => void;
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

  /** The result of the call, or why it was dropped before its turn came. */
  run<T, Why>(call: DispatchedCall<T, Why>): Promise<T | DroppedCall<Why>> {
    return new Promise((resolve, reject) => {
      const { core, stop } = this.#options;
      const passage = passageOf(call, resolve, reject);
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
      if (!waiting.isOver()) continue;
      waiting.drop();
      this.#begin(waiting);
    }
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

  /** It will not be made: its place goes to the next. */
  #drop(passage: Passage): void {
    passage.drop();
    this.#begin(passage);
    this.#release();
  }

  #admit(passage: Passage): void {
    const { isRetry } = passage;
    if (this.#admitted < this.#options.limit) {
      this.#admitted++;
      this.#acquireSemaphore(passage);
    } else (isRetry ? this.#repeated : this.#fresh).push(() => this.#acquireSemaphore(passage));
  }

  #acquireSemaphore(passage: Passage): void {
    const { semaphore } = this.#options;
    const { isRetry } = passage;
    if (semaphore === undefined) this.#enterGate(passage, isRetry);
    else semaphore.acquire(() => this.#enterGate(passage, isRetry));
  }

  #release(): void {
    this.#options.semaphore?.release();
    const next = this.#repeated.shift() ?? this.#fresh.shift();
    if (next === undefined) this.#admitted--;
    else next();
  }

  #enterGate(passage: Passage, isRetry: boolean): void {
    const { gate, claim } = this.#options;
    if (passage.isOver()) {
      this.#drop(passage);
      return;
    }
    // Not before: the calls that it waited for have taught.
    passage.tokens = gate.expectedTokens(passage.estimate);
    gate.enter({
      claim,
      isRetry,
      value: {
        tokens: passage.tokens,
        isWanted: () => !passage.isOver(),
        letThrough: () => this.#takeSlot(passage),
        drop: () => this.#drop(passage),
      },
    });
  }

  /** Plain promises from here on: an async function costs a kilobyte for each call that waits in it. */
  #takeSlot(passage: Passage): void {
    const { core, provider } = this.#options;
    if (core.limiter === undefined) this.#enqueue(passage);
    else void this.#askLimiter(core.limiter, provider, passage).then(() => this.#enqueue(passage));
  }

  async #askLimiter(limiter: SharedLimiter, provider: string, { tokens }: Passage): Promise<void> {
    try {
      await limiter.acquire({ provider, tokens });
    } catch {
      // A shared limiter that is down limits nothing.
    }
  }

  #enqueue(passage: Passage): void {
    const { core, gate, claim } = this.#options;
    const { isRetry } = passage;
    core.queue
      .add(() => this.#inSlot(passage), { claim, isRetry })
      .catch((error: unknown) => {
        gate.leave(passage.tokens);
        passage.fail(error);
        this.#drop(passage);
      });
  }

  /** Resolves when the slot is free. */
  #inSlot(passage: Passage): Promise<void> {
    const { core, gate, provider, claim } = this.#options;
    if (passage.isOver()) {
      gate.leave(passage.tokens);
      this.#drop(passage);
      return Promise.resolve();
    }
    const pass = gate.start(passage.tokens, passage.estimate, claim.priority === 'background');
    if (pass === undefined) {
      // The provider was paused while this call waited for its slot.
      this.#enterGate(passage, true);
      return Promise.resolve();
    }
    core.running.started(provider);
    this.#begin(passage);
    return passage.start(pass).then((tell) => {
      this.#release();
      tell();
      core.running.ended(provider);
    });
  }

  #wake(): void {
    if (this.#waiting.size > 0 || this.#wakePullers.length === 0) return;
    for (const wake of this.#wakePullers.splice(0)) wake();
  }
}

/** The call's own way to tell its owner what becomes of it: once, whoever asks again. */
function passageOf<T, Why>(
  call: DispatchedCall<T, Why>,
  resolve: (result: T | DroppedCall<Why>) => void,
  reject: (error: Error) => void,
): Passage {
  let dropped: Why | undefined;
  const fail = (error: unknown): void =>
    reject(error instanceof Error ? error : new Error('a call could not be made', { cause: error }));
  return {
    isRetry: call.isRetry,
    estimate: call.tokens,
    tokens: 0,
    isOver: () => (dropped ??= call.whyOver()) !== undefined,
    drop: () => {
      if (dropped !== undefined) resolve({ dropped });
    },
    fail,
    start: (pass) =>
      call.start(pass).then(
        (result) => () => resolve(result),
        (error: unknown) => () => fail(error),
      ),
  };
}
