import type { Clock } from '../contract/clock.js';
import { systemClock } from '../contract/clock.js';
import { isFake } from './fake-timers.js';

/** Real milliseconds between two looks. */
const LOOK_MS = 500;
/** Looks at a standstill before time counts as frozen: with the first, 3.5 s, within the 5 s that test runners allow. */
const LOOKS = 6;

const MESSAGE =
  "gradelanes waits for time to pass, but a test runner's fake timers stand still: hand a manualClock of gradelanes/testing " +
  'to the options (clock) and wait with clock.runUntil(...), or move the fake timers on again and again until the run ends ' +
  "(their queueMicrotask must stay real: Jest's doNotFake, sinon's toNotFake)";

// Taken when the module loads: runners that fake timers later put other functions in their places.
const setTimeoutAtLoad = globalThis.setTimeout;

/**
 * After so much real time, under fake timers too. Bun marks the one function that there is, and a runner may have been
 * first; then `Atomics.waitAsync` waits, which nobody fakes. Where there is neither, never.
 */
function inRealTime(resume: () => void, delayMs: number): void {
  if (!isFake(setTimeoutAtLoad)) {
    setTimeoutAtLoad(resume, delayMs);
    return;
  }
  if (typeof SharedArrayBuffer === 'undefined' || !('waitAsync' in Atomics)) return;
  const waiting = Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
  if (waiting.async) void waiting.value.then(() => resume());
}

/**
 * Frozen time: waits on the system's clock never end while a runner's fake timers stand still, and a test would hang until
 * its runner gives up, without a word. Calls `onFrozen` when nothing was moved for 3.5 s of real time. A timer of its own
 * shows that: set only after the first look, so that tests that count their timers do not meet it. Costs one comparison
 * where no timers are faked.
 *
 * @param isWaiting False while something else than time is waited for, such as a call.
 * @returns What ends the watch.
 */
export function watchFrozenTime(clock: Clock, isWaiting: () => boolean, onFrozen: (error: Error) => void): () => void {
  if (clock !== systemClock || !isFake(setTimeout)) return () => {};
  let probe: { handle: unknown } | undefined;
  let standstills = 0;
  let isOver = false;
  const disarm = (): void => {
    if (probe !== undefined) clock.clearTimeout(probe.handle);
    probe = undefined;
  };
  const look = (): void => {
    if (isOver) return;
    // The probe has fired, or there was something else to wait for.
    if (probe === undefined || !isWaiting()) standstills = 0;
    else if (++standstills >= LOOKS) {
      isOver = true;
      disarm();
      onFrozen(new Error(MESSAGE));
      return;
    }
    probe ??= {
      handle: clock.setTimeout(() => {
        probe = undefined;
      }, 0),
    };
    lookLater();
  };
  const lookLater = (): void => inRealTime(look, LOOK_MS);
  lookLater();
  return () => {
    isOver = true;
    disarm();
  };
}
