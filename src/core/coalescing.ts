import type { GradingResult } from './result.js';

/** An answer that others with the same key wait for. */
interface Leader {
  readonly settled: Promise<GradingResult>;
  settle(result: GradingResult): void;
}

/**
 * Answers in flight by key: identical ones wait for the first instead of making a call of their own. Shared by the runs
 * of a grader.
 */
export class InFlightAnswers {
  readonly #leaders = new Map<string, Leader>();

  /** The result that an identical answer in flight will have; `undefined` makes this answer the one to wait for. */
  join(key: string): Promise<GradingResult> | undefined {
    const leader = this.#leaders.get(key);
    if (leader !== undefined) return leader.settled;
    const { promise: settled, resolve: settle } = Promise.withResolvers<GradingResult>();
    this.#leaders.set(key, { settled, settle });
    return undefined;
  }

  /** The answer that led has its result: tell those who wait, and let the next one ask anew. */
  settle(key: string, result: GradingResult): void {
    this.#leaders.get(key)?.settle(result);
    this.#leaders.delete(key);
  }
}

const shared = new WeakMap<object, InFlightAnswers>();

/** The answers in flight of all runs that share an owner, such as a controller. */
export function inFlightAnswersOf(owner: object): InFlightAnswers {
  const known = shared.get(owner) ?? new InFlightAnswers();
  shared.set(owner, known);
  return known;
}

/** What belongs to the run that led and not to the answer: those who waited ask for themselves. */
const OF_THE_RUN: ReadonlySet<string> = new Set(['aborted', 'deadline_exceeded', 'budget_exceeded']);

/** Grades are shared, and so are the provider's failures; what only the other run's end or limits caused is not. */
export function isShareable(result: GradingResult): boolean {
  return result.status === 'graded' || !OF_THE_RUN.has(result.error.code);
}
