import { systemClock, type Clock } from '../contract/clock.js';
import { orAbort } from './or-abort.js';

/** Resolves after `delayMs` on the clock; rejects with the signal's reason as soon as it aborts. */
export async function delay(delayMs: number, signal?: AbortSignal, clock: Clock = systemClock): Promise<void> {
  let handle: unknown;
  const elapsed = new Promise<void>((resolve) => {
    handle = clock.setTimeout(resolve, delayMs);
  });
  try {
    await (signal === undefined ? elapsed : orAbort(elapsed, signal));
  } finally {
    clock.clearTimeout(handle);
  }
}
