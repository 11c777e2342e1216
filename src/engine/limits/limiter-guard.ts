import { Latch } from '../../async/latch.js';
import type { StopSignal } from '../../async/stop-signal.js';
import { sleep } from '../../async/waiting.js';
import type { Clock } from '../../contract/clock.js';
import type { SharedLimiter } from '../../contract/controller.js';

/** Longest silence of a limiter before it counts as hung, in milliseconds: the same as for a cache. */
const MAX_SILENCE_MS = 1_000;

/** Time for which a limiter that stayed silent is left alone, in milliseconds. */
const REST_MS = 10_000;

/** The longest wait that a limiter may ask for at once, in milliseconds. */
const LONGEST_WAIT_MS = 3_600_000;

/** The part of a limiter's request that a call knows. */
type LimiterAsk = Pick<Parameters<SharedLimiter['acquire']>[0], 'provider' | 'tokens'>;

/**
 * Circuit breaker around the user's shared limiter: one that throws or rejects limits nothing, and one that says nothing
 * for a second is left alone for ten. Owned by the controller, so that one silent call spares all others the wait.
 */
export class LimiterGuard {
  readonly #limiter: SharedLimiter;
  readonly #clock: Clock;
  #restsUntilMs = -Infinity;

  constructor(limiter: SharedLimiter, clock: Clock) {
    this.#limiter = limiter;
    this.#clock = clock;
  }

  /** Resolves when the call may be made as far as the limiter tells, or its run has stopped. Never rejects. */
  async acquire(ask: LimiterAsk, stop: StopSignal): Promise<void> {
    if (this.#clock.now() < this.#restsUntilMs) return;
    const answered = new Latch();
    const forget = stop.onStop(() => answered.open());
    let silentUntilMs = this.#clock.now() + MAX_SILENCE_MS;
    const waiting = (delayMs: number): void => {
      // Whatever a limiter in plain JavaScript says: NaN and a text are no time.
      const waitMs = delayMs > 0 ? Math.min(delayMs, LONGEST_WAIT_MS) : 0;
      silentUntilMs = Math.max(silentUntilMs, this.#clock.now() + waitMs + MAX_SILENCE_MS);
    };
    void this.#ask({ ...ask, waiting }).then(() => answered.open());
    for (let leftMs = MAX_SILENCE_MS; leftMs > 0 && !answered.isOpen; leftMs = silentUntilMs - this.#clock.now()) {
      await sleep(leftMs, this.#clock, answered);
    }
    if (!answered.isOpen) this.#restsUntilMs = this.#clock.now() + REST_MS;
    forget();
  }

  /** Late rejections stay handled. */
  async #ask(request: Parameters<SharedLimiter['acquire']>[0]): Promise<void> {
    try {
      await this.#limiter.acquire(request);
    } catch {
      // A shared limiter that is down limits nothing.
    }
  }
}
