import type { Clock } from '../contract/clock.js';
import type { RequestTime } from './request-time.js';

/** The requests of a handler that have no whole reply yet. Lives as long as the handler. */
export class OpenRequests {
  readonly #open = new Set<RequestTime>();
  readonly #waiting = new Set<() => void>();
  #isClosed = false;

  /** No more requests are taken. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  enter(request: RequestTime): void {
    this.#open.add(request);
  }

  leave(request: RequestTime): void {
    this.#open.delete(request);
    if (this.#open.size === 0) for (const resume of this.#waiting) resume();
  }

  /** Takes no more requests and waits for the open ones; after the grace it ends them as if their clients had left. */
  async close(graceMs: number, clock: Clock): Promise<void> {
    this.#isClosed = true;
    if (this.#open.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const timer = clock.setTimeout(() => {
      for (const request of this.#open) request.leave();
      resolve();
    }, graceMs);
    await promise;
    this.#waiting.delete(resolve);
    clock.clearTimeout(timer);
  }
}
