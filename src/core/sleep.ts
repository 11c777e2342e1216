import type { Clock } from '../contract/clock.js';
import type { RunStop } from './run-stop.js';

/** Waits; true after the whole time, false at once when the run stops. */
export function sleep(delayMs: number, clock: Clock, stop: RunStop): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(() => {
      forget();
      resolve(true);
    }, delayMs);
    const forget = stop.onStop(() => {
      clock.clearTimeout(timer);
      resolve(false);
    });
  });
}
