import type { Clock } from '../../src/core/clock.js';

/** A clock that runs fast. */
export interface TimeLapseClock extends Clock {
  /** Timers that are set and have not run. */
  readonly openTimers: number;
  /** How long so many of the clock's milliseconds really take. */
  realMs(ms: number): number;
}

/**
 * The system's clock, so many times faster: over a real network, waits of seconds take a few milliseconds, and everything
 * keeps its order.
 */
export function timeLapseClock(factor: number): TimeLapseClock {
  const timers = new Set<object>();
  return {
    get openTimers() {
      return timers.size;
    },
    realMs: (ms) => ms / factor,
    now: () => performance.now() * factor,
    date: () => Date.UTC(2026, 0, 1) + performance.now() * factor,
    setTimeout: (callback, delayMs) => {
      const run = (): void => {
        timers.delete(timer);
        callback();
      };
      // Rounded up, since the system's timers are whole milliseconds.
      const timer = setTimeout(run, Math.ceil(delayMs / factor));
      timers.add(timer);
      return timer;
    },
    clearTimeout: (handle) => {
      // The handle is opaque to the engine; it can only be what `setTimeout` above returned.
      const timer = handle as ReturnType<typeof setTimeout>;
      clearTimeout(timer);
      timers.delete(timer);
    },
  };
}
