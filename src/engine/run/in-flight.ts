import type { AnswerToGrade } from '../../contract/question.js';
import type { GradingResult } from '../../contract/result.js';

/**
 * Leader: an answer in flight that identical ones may wait for (request coalescing). Owned by the run that asks about
 * it, until it is settled. Few leaders have a twin, so the key, which writes down the whole question, and the promise
 * are made lazily, when a twin comes.
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

  /** Text of all that two answers must have in common to share a grade; written down at the first use. */
  get key(): string {
    return (this.#key ??= this.#keyOf());
  }

  /** Promise of the result that the leader will have; never rejects. */
  get settled(): Promise<GradingResult> {
    this.#waiting ??= Promise.withResolvers();
    return this.#waiting.promise;
  }

  settle(result: GradingResult): void {
    this.#waiting?.resolve(result);
  }
}

/**
 * Request coalescing (single flight): identical answers wait for the first instead of making a call of their own.
 * Shared by all runs of a controller, for as long as that lives.
 */
export class InFlightAnswers {
  /** Leaders by the answer's text, a cheap first comparison; those of different questions may share a text. */
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

  /**
   * Passes the leader's result to its followers and forgets the leader, so that the next identical answer asks anew.
   */
  settle(leader: LeadingAnswer, result: GradingResult): void {
    const sameText = this.#leadersByText.get(leader.text) ?? [];
    if (sameText.length === 1) this.#leadersByText.delete(leader.text);
    else sameText.splice(sameText.indexOf(leader), 1);
    leader.settle(result);
  }
}

/** Answers in flight by their owner; they are collected together with it. */
const shared = new WeakMap<object, InFlightAnswers>();

/** The answers in flight of all runs that share an owner, such as a controller. */
export function inFlightAnswersOf(owner: object): InFlightAnswers {
  const known = shared.get(owner) ?? new InFlightAnswers();
  shared.set(owner, known);
  return known;
}

/** Failure codes that belong to the run that led and not to the answer. */
const OF_THE_RUN: ReadonlySet<string> = new Set(['aborted', 'deadline_exceeded', 'budget_exceeded']);

/**
 * True if followers may take over a leader's result: grades, and failures that lie in the answer or the provider. An
 * end of the other run, or a fault that it was not given the time or the attempts to wait out, is not shared: the
 * followers then ask for themselves.
 */
export function isShareable(result: GradingResult): boolean {
  return result.status === 'graded' || !(result.error.retryable || OF_THE_RUN.has(result.error.code));
}
