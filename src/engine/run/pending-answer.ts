import type { FailureCode, GradingFailure } from '../../contract/failure.js';
import type { CriteriaVerdict, GradingItem, ScoreVerdict } from '../../contract/provider.js';
import type { AnswerToGrade } from '../../contract/question.js';
import type { ProcessingMode, TokenUsage } from '../../contract/result.js';
import type { GuardedAnswer } from '../../grading/guards/guard-answer.js';
import { answerText } from '../../grading/text/answer-text.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import { addUsage } from '../telemetry/token-usage.js';

/** A call as one of the answers in it sees it. */
export interface CallShare {
  readonly provider: Pick<BoundProvider, 'index'>;
  readonly mode: ProcessingMode;
  readonly durationMs: number;
  /** The answer's share of the call's tokens. */
  readonly usage: TokenUsage | undefined;
  /** True if no other answer was in the call. */
  readonly isAlone: boolean;
  /** The fault that the call ended with, and how many calls its provider has not turned away so far, in all runs. */
  readonly fault?: { readonly code: FailureCode; readonly retryable: boolean; readonly admittedCount: number };
}

/** Effort: the calls that carried an answer, over all links, as its result tells them. */
interface Effort {
  readonly attempts: number;
  /** Time in calls, in milliseconds. */
  readonly callMs: number;
  /** Mode of the last call; `undefined` before the first. */
  readonly mode: ProcessingMode | undefined;
  readonly usage: TokenUsage | undefined;
}

/** Visit: one answer's counters in one link. Replaced as a whole when the answer enters the next link. */
interface Visit {
  /** Calls that carried it, alone or with others. */
  readonly calls: number;
  /** Calls that carried it and no other answer. */
  readonly callsAlone: number;
  /** Faults on the way to or from the provider. */
  readonly faults: number;
  /**
   * Rejections for the rate, while the provider let nothing else through either: waiting is their cure, so they have an
   * allowance of their own.
   */
  readonly rejections: number;
  /** Calls that the provider had let through, in all runs, at the last of these rejections. */
  readonly admittedAtRejection: number;
}

const NO_EFFORT: Effort = { attempts: 0, callMs: 0, mode: undefined, usage: undefined };
const NEW_VISIT: Visit = { calls: 0, callsAlone: 0, faults: 0, rejections: 0, admittedAtRejection: 0 };

/** Position in the chain before the first provider. */
const NOBODY = -1;

/** First calls that an answer has with a provider beyond the very first: in a later mode, or split off a call it shared. */
const MOST_LATER_FIRSTS = 2;

/**
 * An answer on its way through a run, from intake until it is settled. Owned by the step that it has come to, which tells
 * it what happened: it enters a link, is charged for its calls, waits for another try, is left.
 */
export class PendingAnswer {
  readonly index: number;
  readonly source: AnswerToGrade;
  #guarded: GuardedAnswer | undefined;
  #key: string | undefined;
  #effort = NO_EFFORT;
  #visit = NEW_VISIT;
  readonly #failures: GradingFailure[] = [];
  /** Fault after which it waits for another try; forgotten once a further call is charged. */
  #openFault: GradingFailure | undefined;
  /** Positions of the provider that was asked last, and of the last one that will not be asked again. */
  #asked = NOBODY;
  #doneWith = NOBODY;
  /** First calls with the provider that was asked last, beyond the very first. */
  #laterFirsts = 0;

  constructor(index: number, source: AnswerToGrade) {
    this.index = index;
    this.source = source;
  }

  /** The answer as the guards left it; `undefined` without guards. */
  get guarded(): GuardedAnswer | undefined {
    return this.#guarded;
  }

  /** Grade key, in runs that need one. */
  get key(): string | undefined {
    return this.#key;
  }

  /** Calls that carried it, over all links, and what they took. */
  get effort(): Effort {
    return this.#effort;
  }

  /** Faults and rejections in this link. */
  get visit(): Pick<Visit, 'faults' | 'rejections'> {
    return this.#visit;
  }

  /** Failures so far: one of each link that gave it up, last the fault after which it waits for another try. */
  get failures(): readonly GradingFailure[] {
    return this.#openFault === undefined ? this.#failures : [...this.#failures, this.#openFault];
  }

  /** Takes what the guards made of it. */
  guard(guarded: GuardedAnswer | undefined): void {
    this.#guarded = guarded;
  }

  /** Takes the key that its grade is known by. */
  name(key: string): void {
    this.#key = key;
  }

  /** Comes to a link: each starts counting anew. */
  enterLink(): void {
    this.#visit = NEW_VISIT;
  }

  /** Books a call that carried it. */
  charge({ provider, mode, durationMs, usage, isAlone, fault }: CallShare): void {
    const { attempts, callMs, usage: before } = this.#effort;
    const sum = usage === undefined ? before : addUsage(before, usage);
    this.#effort = { attempts: attempts + 1, callMs: callMs + durationMs, mode, usage: sum };
    this.#openFault = undefined;
    if (!this.wasAsked(provider)) this.#laterFirsts = 0;
    else if (this.#isFirstInMode(isAlone)) this.#laterFirsts++;
    this.#asked = provider.index;
    const { calls, callsAlone } = this.#visit;
    this.#visit = { ...this.#visit, calls: calls + 1, callsAlone: callsAlone + (isAlone ? 1 : 0) };
    if (fault?.code === 'rate_limited') this.#countRejection(fault.admittedCount);
    else if (fault?.retryable === true) this.#visit = { ...this.#visit, faults: this.#visit.faults + 1 };
  }

  /** Waits for another try after a fault, which is one of the causes only if that try is never made. */
  awaitRetry(fault: GradingFailure): void {
    this.#openFault = fault;
  }

  /** A link gives it up; `doneWith` is a provider that will not be asked again. */
  leave(failure: GradingFailure, doneWith: Pick<BoundProvider, 'index'> | undefined): void {
    for (const each of [this.#openFault, failure]) {
      if (each !== undefined && each !== this.#failures.at(-1)) this.#failures.push(each);
    }
    this.#openFault = undefined;
    if (doneWith !== undefined) this.#doneWith = doneWith.index;
  }

  /** True if this provider made the last call that carried it. */
  wasAsked({ index }: Pick<BoundProvider, 'index'>): boolean {
    return index === this.#asked;
  }

  /**
   * True if a call would be its first to the provider, its first in this mode, or its first alone after one that it shared:
   * no repetition, so it is free of the run's budget for repeated calls. At most three to each provider.
   */
  isFirstCall(provider: Pick<BoundProvider, 'index'>, isAlone: boolean): boolean {
    return !this.wasAsked(provider) || (this.#laterFirsts < MOST_LATER_FIRSTS && this.#isFirstInMode(isAlone));
  }

  /** The provider has not given it up. */
  mayGoTo({ index }: Pick<BoundProvider, 'index'>): boolean {
    return index > this.#doneWith;
  }

  /** True if no call of this link has carried it yet, or none has carried it alone and this one would. */
  #isFirstInMode(isAlone: boolean): boolean {
    return this.#visit.calls === 0 || (isAlone && this.#visit.callsAlone === 0);
  }

  /** The answer that is sent first after a pause is turned away more than others: that alone must not lose it. */
  #countRejection(admittedCount: number): void {
    const { rejections, admittedAtRejection } = this.#visit;
    const isInARow = admittedCount <= admittedAtRejection;
    this.#visit = { ...this.#visit, rejections: isInARow ? rejections + 1 : 1, admittedAtRejection: admittedCount };
  }
}

/** An answer as a provider sees it: as the guards left it, with the question's own material or the run's. */
export function gradingItem(
  id: string,
  { question, answer }: AnswerToGrade,
  guarded: Pick<GuardedAnswer, 'text'> | undefined,
  runContext: string | undefined,
): GradingItem {
  const context = question.context ?? runContext;
  return {
    id,
    question,
    answer: guarded?.text ?? answerText(question, answer),
    ...(context !== undefined && { context }),
  };
}

/** Grade as a cache keeps it: what a provider said, and who it was. Marks are summed anew whenever it is read. */
export interface StoredGrade {
  provider: BoundProvider;
  model: string | undefined;
  verdict: ScoreVerdict | CriteriaVerdict;
}
