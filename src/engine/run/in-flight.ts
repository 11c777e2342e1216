import type { AnswerToGrade } from '../../contract/question.js';
import type { GradingResult } from '../../contract/result.js';

/**
 * An answer in flight. Few have a twin, so what only twins need is not made before one comes: the key, which writes down
 * the whole question, and the promise.
 */
export class LeadingAnswer {
  readonly text: string;
  readonly #keyOf: () => string;
  #key: string | undefined;
  #waiting: PromiseWithResolvers<GradingResult> | undefined;

  constructor(text: string, keyOf: () => string) {
    this.text = text;
    this.#keyOf = keyOf;
  }

  get key(): string {
    return (this.#key ??= this.#keyOf());
  }

  /** The result that it will have. */
  get settled(): Promise<GradingResult> {
    this.#waiting ??= Promise.withResolvers();
    return this.#waiting.promise;
  }

  settle(result: GradingResult): void {
    this.#waiting?.resolve(result);
  }
}

/**
 * Answers in flight: identical ones wait for the first instead of making a call of their own. Shared by the runs of a
 * grader.
 */
export class InFlightAnswers {
  readonly #leadersByText = new Map<string, LeadingAnswer[]>();

  /**
   * Joins an identical answer in flight; without one, this answer is the one that others wait for.
   *
   * @param keyOf Writes down all that two answers must have in common; called only if their texts are the same.
   */
  join({ answer }: AnswerToGrade, keyOf: () => string): Promise<GradingResult> | LeadingAnswer {
    const arrived = new LeadingAnswer(typeof answer === 'string' ? answer : JSON.stringify(answer), keyOf);
    const sameText = this.#leadersByText.get(arrived.text);
    const twin = sameText?.find((leader) => leader.key === arrived.key);
    if (twin !== undefined) return twin.settled;
    if (sameText === undefined) this.#leadersByText.set(arrived.text, [arrived]);
    else sameText.push(arrived);
    return arrived;
  }

  /** The answer that led has its result: tell those who wait, and let the next one ask anew. */
  settle(leader: LeadingAnswer, result: GradingResult): void {
    const sameText = this.#leadersByText.get(leader.text) ?? [];
    if (sameText.length === 1) this.#leadersByText.delete(leader.text);
    else sameText.splice(sameText.indexOf(leader), 1);
    leader.settle(result);
  }
}

const shared = new WeakMap<object, InFlightAnswers>();

/** The answers in flight of all runs that share an owner, such as a controller. */
export function inFlightAnswersOf(owner: object): InFlightAnswers {
  const known = shared.get(owner) ?? new InFlightAnswers();
  shared.set(owner, known);
  return known;
}

/** What belongs to the run that led and not to the answer. */
const OF_THE_RUN: ReadonlySet<string> = new Set(['aborted', 'deadline_exceeded', 'budget_exceeded']);

/**
 * Grades are shared, and so are failures that lie in the answer or the provider. What ended the other run, or what it
 * was not given the time or the attempts to wait out, is not: those who waited ask for themselves.
 */
export function isShareable(result: GradingResult): boolean {
  return result.status === 'graded' || !(result.error.retryable || OF_THE_RUN.has(result.error.code));
}
