import type { Clock } from '../contract/clock.js';
import type { RunStop } from './run-stop.js';

/**
 * What work comes to; `undefined` when the run stops first. Late rejections stay handled.
 *
 * @throws what the work throws, and a `TimeoutError` when it takes too long.
 */
export function inTime<T>(work: PromiseLike<T>, limitMs: number, clock: Clock, stop: RunStop): Promise<T | undefined> {
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
