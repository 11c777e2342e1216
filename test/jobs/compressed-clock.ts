import type { Clock } from 'gradelanes';

/** A clock that runs so many times faster than the system's: an outage of minutes takes seconds. */
export function compressedClock(factor: number): Clock {
  const startedAt = Date.now();
  const origin = performance.now();
  return {
    now: () => performance.now() * factor,
    date: () => startedAt + (performance.now() - origin) * factor,
    setTimeout: (callback, delayMs) => setTimeout(callback, delayMs / factor),
    clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
  };
}
