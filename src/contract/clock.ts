/** Where the engine gets its time from. Inject one to test without waiting. */
export interface Clock {
  /** Milliseconds on a monotonic scale. */
  now(): number;
  /** Milliseconds since the Unix epoch, for dates shown to people. */
  date(): number;
  /** Runs `callback` once after `delayMs`; the handle cancels it. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(handle: unknown): void;
  /** Chance that goes with the clock, 0 <= value < 1: a manual clock brings it, so that runs repeat. @default Math.random */
  random?(): number;
}

/** A timer that fires so much too early was fired by a test runner; real ones are early by less than a millisecond. */
const EARLY_MS = 20;

/** Milliseconds that fake timers skipped while `performance.now()` stayed real: node:test fakes the one, not the other. */
let skippedMs = 0;

/**
 * The platform's clock. Globals are reached late, so that a test runner's fake timers work. A timer that fired counts as
 * time passed, whatever `performance.now()` says.
 */
export const systemClock: Clock = {
  now: () => performance.now() + skippedMs,
  date: () => Date.now(),
  setTimeout: (callback, delayMs) => {
    const dueAtMs = performance.now() + skippedMs + delayMs;
    return setTimeout(() => {
      const earlyMs = dueAtMs - (performance.now() + skippedMs);
      if (earlyMs > EARLY_MS) skippedMs += earlyMs;
      callback();
    }, delayMs);
  },
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
};
