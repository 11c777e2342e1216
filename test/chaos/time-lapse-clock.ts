import type { Clock } from '../../src/contract/clock.js';

/** A clock that runs fast. */
export interface TimeLapseClock extends Clock {
  /** Timers that are set and have not run. */
  readonly openTimers: number;
}

/**
 * The system's clock, so many times faster: over a real network, waits of seconds take a few milliseconds, and everything
 * keeps its order. It stands still while code runs: what happens in one go has one time.
 */
export function timeLapseClock(factor: number): TimeLapseClock {
  const timers = new Set<object>();
  let frozenMs: number | undefined;
  const now = (): number => {
    if (frozenMs === undefined) {
      queueMicrotask(() => {
        frozenMs = undefined;
      });
    }
    frozenMs ??= performance.now() * factor;
    return frozenMs;
  };
  return {
    get openTimers() {
      return timers.size;
    },
    now,
    date: () => Date.UTC(2026, 0, 1) + now(),
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
