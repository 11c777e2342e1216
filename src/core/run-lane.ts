import type { ControllerCore } from './concurrency-controller.js';
import type { RunShare } from './lane-queue.js';
import type { GatePass, ProviderGate } from './provider-gate.js';
import type { RunStop } from './run-stop.js';

/** A call that wants a slot. */
export interface LaneCall<T> {
  /** Goes before what the run has waiting. */
  readonly isRetry: boolean;
  /** Tokens it is expected to take. */
  readonly tokens: number;
  /** True once it need not be made any more. */
  isOver(): boolean;
  start(pass: GatePass): Promise<T>;
}

/** What a lane is made of. */
export interface RunLaneOptions {
  readonly core: ControllerCore;
  readonly gate: ProviderGate;
  readonly provider: string;
  readonly share: RunShare;
  /** Most of the run's calls at once, where that is less than the controller's slots. */
  readonly limit: number;
  readonly stop: RunStop;
}

/** One call on its way through a lane. */
interface Passage<T> {
  readonly call: LaneCall<T>;
  readonly finish: (result: T | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * One run's way to one provider: the run's own limit, then the provider's gate, then a slot. Holds no slot while it
 * waits, and tells how much waits, so that the run takes no more answers than it can send.
 */
export class RunLane {
  readonly #options: RunLaneOptions;
  readonly #repeated: (() => void)[] = [];
  readonly #fresh: (() => void)[] = [];
  #admitted = 0;
  #waiting = 0;
  #wakePuller: (() => void) | undefined;

  constructor(options: RunLaneOptions) {
    this.#options = options;
    // Nobody waits any more: the gate need not keep a timer for it.
    options.stop.onStop(() => options.gate.refresh());
  }

  /** The result of the call, or `undefined` if it was over before its turn came. */
  run<T>(call: LaneCall<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const { waiting } = this.#options.core;
      this.#waiting++;
      waiting.count++;
      let isWaiting = true;
      const begin = (): void => {
        if (!isWaiting) return;
        isWaiting = false;
        forget();
        this.#waiting--;
        waiting.count--;
        this.#wake();
      };
      const giveUp = (): void => {
        begin();
        resolve(undefined);
      };
      // The promise settles with the stop; the passage is tidied up when its turn comes.
      const forget = this.#options.stop.onStop(() => queueMicrotask(giveUp));
      const passage: Passage<T> = {
        call: {
          ...call,
          start: async (pass) => {
            begin();
            return call.start(pass);
          },
        },
        finish: (result) => {
          begin();
          this.#release();
          resolve(result);
        },
        fail: (error) => {
          begin();
          this.#release();
          reject(error instanceof Error ? error : new Error('a call could not be made', { cause: error }));
        },
      };
      this.#admit(() => this.#enterGate(passage, call.isRetry), call.isRetry);
    });
  }

  /** Whether a further call could start at once: nothing of anybody waits, and there is a slot. */
  hasSpareSlot(): boolean {
    const { core, gate, limit } = this.#options;
    const isFree = core.queue.size === 0 && core.queue.pending < core.queue.concurrency;
    return isFree && this.#waiting === 0 && this.#admitted < limit && gate.isOpen();
  }

  /** Resolves when nothing of this run waits for a slot, or when the run has stopped. For one puller at a time. */
  async room(): Promise<void> {
    const { stop } = this.#options;
    if (this.#waiting === 0 || stop.reason !== undefined) return;
    await new Promise<void>((resolve) => {
      const forget = stop.onStop(resolve);
      this.#wakePuller = () => {
        forget();
        resolve();
      };
    });
  }

  #admit(enter: () => void, isRetry: boolean): void {
    if (this.#admitted < this.#options.limit) {
      this.#admitted++;
      enter();
    } else (isRetry ? this.#repeated : this.#fresh).push(enter);
  }

  #release(): void {
    const next = this.#repeated.shift() ?? this.#fresh.shift();
    if (next === undefined) this.#admitted--;
    else next();
  }

  #enterGate<T>(passage: Passage<T>, isRetry: boolean): void {
    const { gate, share, stop } = this.#options;
    const { call } = passage;
    const isOver = (): boolean => stop.reason !== undefined || call.isOver();
    if (isOver()) {
      passage.finish(undefined);
      return;
    }
    gate.enter({
      share,
      isRetry,
      value: {
        tokens: call.tokens,
        isWanted: () => !isOver(),
        letThrough: () => void this.#takeSlot(passage),
        drop: () => passage.finish(undefined),
      },
    });
  }

  async #takeSlot<T>(passage: Passage<T>): Promise<void> {
    const { core, gate, provider, share } = this.#options;
    const { call } = passage;
    try {
      if (core.limiter !== undefined) await core.limiter.acquire({ provider, tokens: call.tokens });
    } catch {
      // A shared limiter that is down limits nothing.
    }
    try {
      await core.queue.add(() => core.counted(provider, () => this.#inSlot(passage)), { share, isRetry: call.isRetry });
    } catch (error) {
      gate.leave(call.tokens);
      passage.fail(error);
    }
  }

  async #inSlot<T>(passage: Passage<T>): Promise<void> {
    const { gate, stop } = this.#options;
    const { call } = passage;
    if (stop.reason !== undefined || call.isOver()) {
      gate.leave(call.tokens);
      passage.finish(undefined);
      return;
    }
    const pass = gate.start(call.tokens);
    // The provider was paused while this call waited for its slot.
    if (pass === undefined) this.#enterGate(passage, true);
    else await call.start(pass).then(passage.finish, passage.fail);
  }

  #wake(): void {
    if (this.#waiting > 0) return;
    this.#wakePuller?.();
    this.#wakePuller = undefined;
  }
}
