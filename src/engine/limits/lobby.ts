import type { Clock } from '../../contract/clock.js';
import { LatencyHistory } from './latency-history.js';

/** Shortest time after which a refused call is told to come back, in milliseconds. */
const LEAST_RETRY_MS = 1_000;

/** A call that waits for its gate or a slot. */
export interface Waiter {
  readonly priority: 'interactive' | 'background';
  /** Tells the call that the controller is busy, and for how many milliseconds. */
  readonly refuse: (retryAfterMs: number) => void;
}

/** A lobby's bounds. */
export interface LobbyOptions {
  readonly clock: Clock;
  readonly slots: () => number;
  /** Most calls that wait; `Infinity` sets no bound. */
  readonly maxWaiting: number;
  /** The longest that one waits, in milliseconds; `Infinity` sets no bound. */
  readonly maxWaitMs: number;
}

/**
 * Load shedding: counts the calls that wait on a controller and turns some away where the user has set a bound: background
 * calls first and of equals the newest, so that what has waited long is not wasted. Owned by the controller, lives as
 * long.
 */
export class Lobby {
  readonly #options: LobbyOptions;
  /** Those who wait, in order of arrival, and the time at which each came. */
  readonly #since = new Map<Waiter, number>();
  /** Durations of the last calls, by which the wait is guessed. */
  readonly #durations = new LatencyHistory();
  /** The user's own tasks that wait for a slot: they count and are never turned away. */
  ownTasks = 0;
  #timer: { handle: unknown } | undefined;

  constructor(options: LobbyOptions) {
    this.#options = options;
  }

  /** Calls and tasks that wait. */
  get count(): number {
    return this.#since.size + this.ownTasks;
  }

  /** Counts a call that begins to wait. Where that is one too many, somebody is turned away. */
  enter(waiter: Waiter): void {
    const { clock, maxWaiting } = this.#options;
    this.#since.set(waiter, clock.now());
    // Deferred, so that the call has its chance to start at once.
    if (this.count > maxWaiting) void Promise.resolve().then(() => this.#shed());
    this.#watch();
  }

  /** Turns calls away until no more wait than may. */
  #shed(): void {
    while (this.#since.size > 0 && this.count > this.#options.maxWaiting) this.#refuse(this.#lowest());
  }

  /** Counts a call that waits no more; false if it did not wait. */
  leave(waiter: Waiter): boolean {
    const waited = this.#since.delete(waiter);
    if (this.#since.size === 0) this.#stopWatching();
    return waited;
  }

  /** Learns from a call how long a slot is taken, in milliseconds. */
  callTook(durationMs: number): void {
    this.#durations.add(durationMs);
  }

  /** Milliseconds until those who wait have probably begun; `undefined` while one more may wait. */
  busyForMs(): number | undefined {
    return this.count < this.#options.maxWaiting ? undefined : this.#retryAfterMs();
  }

  /**
   * Guess of the time until those who wait have begun, in milliseconds: their number times a typical call, over the
   * slots.
   */
  #retryAfterMs(): number {
    const typicalMs = this.#durations.quantileMs(0.5, 1) ?? 0;
    return Math.max(LEAST_RETRY_MS, Math.ceil((typicalMs * (this.count + 1)) / this.#options.slots()));
  }

  /** The one to turn away next: the newest background call, else the newest of all. */
  #lowest(): Waiter | undefined {
    const newestFirst = [...this.#since.keys()].toReversed();
    return newestFirst.find(({ priority }) => priority === 'background') ?? newestFirst[0];
  }

  #refuse(waiter: Waiter | undefined): void {
    if (waiter === undefined) return;
    const retryAfterMs = this.#retryAfterMs();
    this.leave(waiter);
    waiter.refuse(retryAfterMs);
  }

  /** Sets one timer for all, due when the one that has waited longest must go. */
  #watch(): void {
    const { clock, maxWaitMs } = this.#options;
    if (maxWaitMs === Infinity || this.#timer !== undefined) return;
    const [oldestMs] = this.#since.values();
    if (oldestMs === undefined) return;
    const look = (): void => {
      this.#timer = undefined;
      const dueMs = clock.now() - maxWaitMs;
      for (const [waiter, sinceMs] of this.#since) if (sinceMs <= dueMs) this.#refuse(waiter);
      this.#watch();
    };
    this.#timer = { handle: clock.setTimeout(look, Math.max(1, oldestMs + maxWaitMs - clock.now())) };
  }

  #stopWatching(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer.handle);
    this.#timer = undefined;
  }
}
