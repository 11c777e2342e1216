import type { Clock } from '../contract/clock.js';
import { Latch } from './latch.js';
import type { StopSignal } from './stop-signal.js';

/** Waits; true after the whole time, false at once when the run stops or the latch opens. */
export function sleep(delayMs: number, clock: Clock, end: StopSignal | Latch): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(() => {
      forget();
      resolve(true);
    }, delayMs);
    const wake = (): void => {
      clock.clearTimeout(timer);
      resolve(false);
    };
    const forget = end instanceof Latch ? end.onOpen(wake) : end.onStop(wake);
  });
}

/**
 * Timeout: what work comes to, `undefined` when the run stops first. Late rejections stay handled.
 *
 * @throws what the work throws, and a `TimeoutError` when it takes too long.
 */
export function inTime<T>(
  work: PromiseLike<T>,
  limitMs: number,
  clock: Clock,
  stop: StopSignal,
): Promise<T | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const timer = clock.setTimeout(
    () => reject(new DOMException(`no reply within ${limitMs} ms`, 'TimeoutError')),
    limitMs,
  );
  const forget = stop.onStop(() => resolve(undefined));
  work.then(resolve, reject);
  return promise.finally(() => {
    clock.clearTimeout(timer);
    forget();
  });
}

/** How a promise ended, as data. */
export type Settled<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** A promise that is waited for, but not for ever. */
export interface Settling<T> {
  /** How it ended, or `'left'` if it outlived its grace. Never rejects. */
  readonly outcome: Promise<Settled<T> | 'left'>;
  /** Starts the grace: from now on the work has at most that long. False if it has settled already. */
  startGrace(): boolean;
}

/** Waits for work to settle; once the grace is started, for at most that long. Late rejections stay handled. */
export function waitWithGrace<T>(work: Promise<T>, graceMs: number, clock: Clock): Settling<T> {
  const { promise: outcome, resolve } = Promise.withResolvers<Settled<T> | 'left'>();
  let timer: { handle: unknown } | undefined;
  let isFinished = false;
  const finish = (settled: Settled<T> | 'left'): void => {
    isFinished = true;
    if (timer !== undefined) clock.clearTimeout(timer.handle);
    resolve(settled);
  };
  work.then(
    (value) => finish({ ok: true, value }),
    (error: unknown) => finish({ ok: false, error }),
  );
  return {
    outcome,
    startGrace: () => {
      if (isFinished) return false;
      timer ??= { handle: clock.setTimeout(() => finish('left'), graceMs) };
      return true;
    },
  };
}
