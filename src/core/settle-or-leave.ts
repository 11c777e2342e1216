import type { Clock } from '../contract/clock.js';

/** How a promise ended, as data. */
export type Settled<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** A promise that is waited for, but not for ever. */
export interface Settling<T> {
  /** How it ended, or `'left'` if it outlived its grace. Never rejects. */
  readonly outcome: Promise<Settled<T> | 'left'>;
  /** From now on, wait at most the grace. False if it has settled already. */
  startGrace(): boolean;
}

/** Waits for work to settle; once the grace is started, for at most that long. Late rejections stay handled. */
export function settleOrLeave<T>(work: Promise<T>, graceMs: number, clock: Clock): Settling<T> {
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
