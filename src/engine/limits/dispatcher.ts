import type { StopSignal } from '../../async/stop-signal.js';
import type { Claim } from './claim.js';
import type { ControllerCore } from './create-controller.js';
import type { GatePass } from './gate-pass.js';
import { LatencyHistory } from './latency-history.js';
import type { Waiter } from './lobby.js';
import type { ProviderGate } from './provider-gate.js';

/** A call that wants a slot. */
export interface DispatchedCall<T, Why> {
  /** Goes before what the run has waiting. */
  readonly isRetry: boolean;
  /** Tokens that its texts come to; 0 does not say. */
  readonly tokens: number;
  /** The reason why it need not be made any more, such as that its run has stopped; `undefined` while it is wanted. */
  whyOver(): Why | undefined;
  /** The reason for a call that the controller turns away because it is busy for so many milliseconds. */
  whyBusy(retryAfterMs: number): Why;
  start(pass: GatePass): Promise<T>;
}

/** A call that was not made, and why. */
export interface DroppedCall<Why> {
  readonly dropped: Why;
}

/** A dispatcher's parts: the run's claim, the controller's slots, the provider's door. */
export interface DispatcherOptions {
  readonly core: ControllerCore;
  readonly gate: ProviderGate;
  readonly provider: string;
  /** The run's place in the queues, which holds its limit over all providers. */
  readonly claim: Claim;
  /** Most calls that the provider takes at once, over all runs; `Infinity` does not say. */
  readonly mostAtOnce: number;
  readonly stop: StopSignal;
}

/** A call on its way to a slot. */
interface Passage extends Waiter {
  readonly isRetry: boolean;
  /** Tokens that its texts come to. */
  readonly estimate: number;
  /** True once it need not be made any more; stays true. */
  readonly isOver: () => boolean;
  /** Tells its owner that it is dropped; what it holds is given back when its turn comes. */
  readonly drop: () => void;
  /** Never rejects; resolves to what tells the result. */
  readonly start: (pass: GatePass) => Promise<() => void>;
  readonly fail: (error: unknown) => void;
}

/**
 * Dispatcher: one run's way to one provider. A call passes the provider's gate, which looks at the run's own limit too,
 * then the shared limiter, then takes a slot. It holds no slot while it waits, and the dispatcher tells how much waits, so
 * that the run takes no more answers than it can send. Owned by the run, lives as long.
 */
export class Dispatcher {
  /** Durations of this run's own calls, in milliseconds. */
  readonly latency: LatencyHistory = new LatencyHistory();
  readonly #options: DispatcherOptions;
  readonly #waiting = new Set<Passage>();
  /** Wakes those who wait for room. */
  #wakePullers: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    const { claim, gate, stop } = options;
    this.#options = options;
    // A place of the run's own limit that becomes free may let its ticket pass the gate.
    claim.onRoom(() => gate.refresh());
    stop.onStop(() => {
      this.#giveUpSoon();
      // Nobody waits any more: the gate need not keep a timer for it.
      gate.refresh();
    });
  }

  /** The result of the call, or why it was dropped before its turn came. */
  run<T, Why>(call: DispatchedCall<T, Why>): Promise<T | DroppedCall<Why>> {
    return new Promise((resolve, reject) => {
      const { claim, core, stop } = this.#options;
      const passage = passageOf(call, resolve, reject, claim.priority, () => this.#begin(passage));
      this.#waiting.add(passage);
      core.waiting.enter(passage);
      if (stop.reason !== undefined) this.#giveUpSoon();
      this.#enterGate(passage, call.isRetry);
    });
  }

  /** True if a further call could start at once: no call of any run waits, and there is a slot. */
  hasSpareSlot(): boolean {
    const { core, gate, claim, mostAtOnce } = this.#options;
    const isFree = core.queue.size === 0 && core.queue.pending < core.queue.concurrency;
    return isFree && this.#waiting.size === 0 && claim.hasRoom() && gate.isOpen(mostAtOnce);
  }

  /** Resolves when nothing of this run waits for a slot, or when the run has stopped; `undefined` if that is so. */
  room(): Promise<void> | undefined {
    if (this.#waiting.size === 0 || this.#options.stop.reason !== undefined) return undefined;
    return new Promise((resolve) => {
      this.#wakePullers.push(resolve);
    });
  }

  /** Settles the waiting calls that need not be made any more, though others may be before them at the gate. */
  giveUpOver(): void {
    for (const waiting of this.#waiting) {
      if (waiting.isOver()) this.#drop(waiting);
    }
  }

  /** Takes a call off the list of those that wait: it begins, or is dropped. Idempotent. */
  #begin(waiting: Passage): void {
    if (!this.#waiting.delete(waiting)) return;
    this.#options.core.waiting.leave(waiting);
    this.#wake();
  }

  #giveUpSoon(): void {
    // By a promise: Jest and sinon fake queueMicrotask with the timers.
    void Promise.resolve().then(() => this.giveUpOver());
  }

  /** Drops a call: its owner hears why, and it waits no more. */
  #drop(passage: Passage): void {
    passage.drop();
    this.#begin(passage);
  }

  /** Sends a call to the gate, unless it is over already. */
  #enterGate(passage: Passage, isRetry: boolean): void {
    const { claim, gate, mostAtOnce } = this.#options;
    if (passage.isOver()) {
      this.#drop(passage);
      return;
    }
    gate.enter({
      claim,
      isRetry,
      value: {
        estimate: passage.estimate,
        mostAtOnce,
        isWanted: () => !passage.isOver(),
        letThrough: (tokens) => this.#takeSlot(passage, tokens),
        drop: () => this.#drop(passage),
      },
    });
  }

  /** Plain promises from here on: an async function costs a kilobyte for each call that waits in it. */
  #takeSlot(passage: Passage, tokens: number): void {
    const { core, provider, stop } = this.#options;
    if (core.limiter === undefined) this.#enqueue(passage, tokens);
    else void core.limiter.acquire({ provider, tokens }, stop).then(() => this.#enqueue(passage, tokens));
  }

  /** Asks p-queue for a slot; a queue that throws fails the call and gives back what it holds. */
  #enqueue(passage: Passage, tokens: number): void {
    const { core, gate, claim } = this.#options;
    const { isRetry } = passage;
    core.queue
      .add(() => this.#inSlot(passage, tokens), { claim, isRetry })
      .catch((error: unknown) => {
        gate.leave(tokens);
        claim.release();
        passage.fail(error);
        this.#begin(passage);
      });
  }

  /** Starts a call in its slot. Resolves when the slot is free. */
  #inSlot(passage: Passage, tokens: number): Promise<void> {
    const { core, gate, provider, claim } = this.#options;
    if (passage.isOver()) {
      gate.leave(tokens);
      claim.release();
      this.#drop(passage);
      return Promise.resolve();
    }
    const pass = gate.start(tokens, passage.estimate, claim.priority === 'background');
    if (pass === undefined) {
      // The provider was paused while this call waited for its slot.
      claim.release();
      this.#enterGate(passage, true);
      return Promise.resolve();
    }
    core.running.started(provider);
    this.#begin(passage);
    const startedAtMs = core.clock.now();
    return passage.start(pass).then((tell) => {
      claim.release();
      core.waiting.callTook(core.clock.now() - startedAtMs);
      tell();
      core.running.ended(provider);
    });
  }

  /** Lets those go on who wait for room, once nothing waits for a slot. */
  #wake(): void {
    if (this.#waiting.size > 0 || this.#wakePullers.length === 0) return;
    for (const wake of this.#wakePullers.splice(0)) wake();
  }
}

/** Makes a call's passage, which tells its owner once what becomes of the call, whoever asks again. */
function passageOf<T, Why>(
  call: DispatchedCall<T, Why>,
  resolve: (result: T | DroppedCall<Why>) => void,
  reject: (error: Error) => void,
  priority: Waiter['priority'],
  begin: () => void,
): Passage {
  let dropped: Why | undefined;
  const fail = (error: unknown): void =>
    reject(error instanceof Error ? error : new Error('a call could not be made', { cause: error }));
  return {
    priority,
    refuse: (retryAfterMs) => {
      dropped ??= call.whyBusy(retryAfterMs);
      resolve({ dropped });
      begin();
    },
    isRetry: call.isRetry,
    estimate: call.tokens,
    // The first reason stays: a link that is over for one reason may not name another later.
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
