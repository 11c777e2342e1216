import type { CallContext, GradingItem, GradingProvider } from 'gradelanes';
import type { Clock } from '../../src/contract/clock.js';

/** A provider for long simulations: it only takes time, less of it if it is aborted, and keeps no record. */
export function timedProvider(
  clock: Clock,
  durationMsOf: (item: GradingItem | undefined, call: CallContext) => number,
): GradingProvider {
  return {
    grade: (items, call) =>
      new Promise((resolve, reject) => {
        const reply = (): void => resolve(items.map(({ id }) => ({ id, score: 1 })));
        const timer = clock.setTimeout(reply, durationMsOf(items[0], call));
        call.signal.addEventListener('abort', () => {
          clock.clearTimeout(timer);
          reject(new Error('aborted'));
        });
      }),
  };
}
