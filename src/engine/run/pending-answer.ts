import type { GradingFailure } from '../../contract/failure.js';
import type { CriteriaVerdict, GradingItem, ScoreVerdict } from '../../contract/provider.js';
import type { AnswerToGrade } from '../../contract/question.js';
import type { ProcessingMode, TokenUsage } from '../../contract/result.js';
import type { GuardedAnswer } from '../../grading/guards/guard-answer.js';
import { answerText } from '../../grading/text/answer-text.js';
import type { BoundProvider } from '../providers/bound-provider.js';

/** An answer on its way through a run. */
export interface PendingAnswer {
  readonly index: number;
  readonly source: AnswerToGrade;
  /** What the guards made of it; `undefined` without guards. */
  guarded: GuardedAnswer | undefined;
  /** What its grade is known by, in runs that need that. */
  key: string | undefined;
  /** Calls that carried it, over all links. */
  attempts: number;
  /** Faults on the way to or from the provider in this link. */
  faults: number;
  /**
   * Rejections for the rate in this link, while the provider let nothing else through either: waiting is their cure, so
   * they have an allowance of their own.
   */
  rejections: number;
  /** What the provider had let through at the last of them. */
  admittedAtRejection: number;
  /** Time in calls, in milliseconds. */
  callMs: number;
  usage: TokenUsage | undefined;
  mode: ProcessingMode | undefined;
  /** What went wrong, one failure per link that gave it up. */
  readonly failures: GradingFailure[];
  /** Position of the provider that was asked last. */
  askedProvider: number;
  /** Position of the provider that was last asked about it alone. */
  askedAlone: number;
  /** Position of the last provider that will not be asked again. */
  doneWithProvider: number;
}

/** An answer that nothing has been done for yet. */
export function pendingAnswer(index: number, source: AnswerToGrade): PendingAnswer {
  return {
    index,
    source,
    guarded: undefined,
    key: undefined,
    attempts: 0,
    faults: 0,
    rejections: 0,
    admittedAtRejection: 0,
    callMs: 0,
    usage: undefined,
    mode: undefined,
    failures: [],
    askedProvider: -1,
    askedAlone: -1,
    doneWithProvider: -1,
  };
}

/** An answer as a provider sees it: what the guards made of it, with the question's own material or the run's. */
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

/** What is kept of a grade: what a provider said, and who it was. Marks are summed anew whenever it is read. */
export interface StoredGrade {
  provider: BoundProvider;
  model: string | undefined;
  verdict: ScoreVerdict | CriteriaVerdict;
}
