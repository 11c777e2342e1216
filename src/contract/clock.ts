/** Where the engine gets its time from. Inject one to test without waiting. */
export interface Clock {
  /** Milliseconds on a monotonic scale. */
  now(): number;
  /** Milliseconds since the Unix epoch, for dates shown to people. */
  date(): number;
  /** Runs `callback` once after `delayMs`; the handle cancels it. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** The platform's clock. Globals are reached late, so that a test runner's fake timers work. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
};
