import { watchFrozenTime } from '../../async/frozen-time.js';
import { markAsRejecting } from '../../contract/errors.js';
import { type Clock, systemClock } from '../../contract/clock.js';

/** Resolves after `delayMs` on the clock; rejects with the signal's reason as soon as it aborts. */
export async function delay(delayMs: number, signal?: AbortSignal, clock: Clock = systemClock): Promise<void> {
  let handle: unknown;
  const elapsed = new Promise<void>((resolve) => {
    handle = clock.setTimeout(resolve, delayMs);
  });
  try {
    await unlessFrozen(signal === undefined ? elapsed : orAbort(elapsed, signal), clock);
  } finally {
    clock.clearTimeout(handle);
  }
}

/**
 * Settles as the promise does, which waits for time to pass on the clock. Where a runner's fake timers stand still that
 * never comes, and the run rejects with an error that says so.
 */
export async function unlessFrozen<T>(work: Promise<T>, clock: Clock = systemClock): Promise<T> {
  const { promise: frozen, reject } = Promise.withResolvers<never>();
  const stopWatching = watchFrozenTime(
    clock,
    () => true,
    (error) => reject(markAsRejecting(error)),
  );
  try {
    return await Promise.race([work, frozen]);
  } finally {
    stopWatching();
  }
}

/** Settles as the promise does, or rejects with the signal's reason if that comes first. */
export async function orAbort<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const listening = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { signal: listening.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    listening.abort();
  }
}

const pending = new Set<Promise<unknown>>();

/** Marks real work, such as loading a module, that a manual clock must wait for before it moves. */
export async function waitedFor<T>(work: Promise<T>): Promise<T> {
  pending.add(work);
  try {
    return await work;
  } finally {
    pending.delete(work);
  }
}

/** Resolves when all such work has ended. */
export async function nothingPending(): Promise<void> {
  while (pending.size > 0) await Promise.allSettled(pending);
}

// Taken at load, before a test runner can put its fakes in their place.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

/** Settles as the promise does, or rejects with the message after `limitMs` of real time. */
export async function within<T>(promise: PromiseLike<T>, limitMs: number, message: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = startTimer(() => reject(new Error(`${message} within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    stopTimer(timer);
  }
}
