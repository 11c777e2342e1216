import { objectOf, textOf } from '../json/untyped-json.js';
import { wait } from './wait.js';

/** After a store that did not answer, in milliseconds. */
const ASK_AGAIN_MS = 250;

/**
 * Asks a store again until it answers: an outage of the database ends no chunk.
 *
 * @throws what the store refused, and its last error once the signal is aborted.
 */
export async function untilAnswered<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || isRefusal(error)) throw error;
      await wait(ASK_AGAIN_MS, signal);
    }
  }
}

/** Bad data, a broken constraint, a missing table or right: the same again would change nothing. */
function isRefusal(error: unknown): boolean {
  return /^(?:22|23|42)...$/.test(textOf(objectOf(error)['code']) ?? '');
}
