import { GradingOptionsError } from '../contract/errors.js';
import type { GradingResult } from '../contract/result.js';
import type { OverriddenGrade } from './override-grade.js';

/** A score message of LTI Assignment and Grade Services 2.0, as posted to a line item's `scores` endpoint. */
export interface AgsScore {
  /** The platform's id of the learner. */
  userId: string;
  /** Absent where there is no grade: no failure is a zero. */
  scoreGiven?: number | undefined;
  scoreMaximum?: number | undefined;
  activityProgress: 'Submitted' | 'Completed';
  /** `FullyGraded` alone is final: `PendingManual` waits for a person, `Failed` could not be graded. */
  gradingProgress: 'FullyGraded' | 'PendingManual' | 'Failed';
  /** ISO 8601; platforms ignore a score that is older than the one they have. */
  timestamp: string;
  /** For the learner, plain text. Always there: platforms clear a comment that a later score leaves out. */
  comment: string;
}

/** What a result does not know. */
export interface AgsScoreOptions {
  /** The platform's id of the learner. */
  userId: string;
  /** When it was decided. @default when a person did, else now */
  timestamp?: Date | undefined;
  /** Tell the learner's platform a grade that still needs a review, as pending. @default false: no score goes out before */
  showPending?: boolean | undefined;
}

/**
 * The score message of LTI Assignment and Grade Services 2.0 for a result or for a person's override. Only what is final
 * is `FullyGraded`: a grade that needs a review is `PendingManual`, a failed answer `Failed`, without a score.
 *
 * @param result Of the grading functions, or an override.
 * @param about The learner, and when.
 * @throws {GradingOptionsError} without a user id.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import { toAgsScore } from 'gradelanes/evaluate';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const result = await gradeAnswer({ question, answer: 'ice is less dense than water' }, { provider: offlineProvider() });
 * console.log(toAgsScore(result, { userId: '7' }).gradingProgress); // FullyGraded
 * ```
 */
export function toAgsScore(result: GradingResult | OverriddenGrade, about: AgsScoreOptions): AgsScore {
  const { userId, timestamp, showPending = false } = about;
  if (typeof userId !== 'string' || userId === '') {
    throw new GradingOptionsError('userId', 'must be the platform’s id of the learner', typeof userId);
  }
  const decidedAt = timestamp ?? (result.status === 'overridden' ? new Date(result.overriddenAt) : new Date());
  const base = { userId, timestamp: decidedAt.toISOString(), comment: '' };
  if (result.status === 'failed') return { ...base, activityProgress: 'Submitted', gradingProgress: 'Failed' };
  const { scoreGiven, scoreMaximum, feedback = '' } = result;
  const marks = { scoreGiven, scoreMaximum, comment: feedback };
  if (result.status === 'overridden' || !result.needsReview) {
    return { ...base, ...marks, activityProgress: 'Completed', gradingProgress: 'FullyGraded' };
  }
  const pending = { ...base, activityProgress: 'Submitted', gradingProgress: 'PendingManual' } as const;
  return showPending ? { ...pending, ...marks } : pending;
}
