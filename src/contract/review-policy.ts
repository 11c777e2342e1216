/**
 * By which of its figures a grade is trusted:
 *
 * - `confidence`: what the grader states, lowered where the offline grader contradicts it or further opinions differ.
 * - `margin`: how far the mark is on its side of the passing score: a score of 1 and one of 0 are clear, one of 0.5 is not.
 */
export type ReviewSignal = 'confidence' | 'margin';

/**
 * Which grades may go without a review, learned from answers that people have marked. Plain data that survives
 * `JSON.stringify`: made by `reviewPolicy` of `gradelanes/evaluate`, taken by the option `review`.
 */
export interface ReviewPolicy {
  format: 'gradelanes-review-policy';
  /** Of the format. */
  version: 1;
  signal: ReviewSignal;
  /** Grades whose signal reaches this go unreviewed, 0..1; absent where nothing is sure enough yet: all are reviewed. */
  acceptFrom?: number | undefined;
  /** At most this share of the unreviewed grades disagrees with people, 0..1 ... */
  maxDisagreement: number;
  /** ... with this certainty, 0..1. */
  certainty: number;
  /** A grade agrees with a person's scaled score from which it is no further than this; absent: where both pass or fail. */
  within?: number | undefined;
  /** Grades beside people's marks that it was learned from, and how many questions they belong to. */
  gradeCount: number;
  questionCount: number;
  /** Of those grades, how many would have gone unreviewed, and how many of these disagree with people. */
  unreviewedCount: number;
  disagreementCount: number;
  /** How much alike answers of one question were taken to be, 0..1. */
  correlation: number;
  /** The highest share of disagreement that is not ruled out with `certainty`; absent where nothing goes unreviewed. */
  disagreementBound?: number | undefined;
  /** About so many marked answers more would do; absent where none are needed, or where more would not help. */
  moreNeeded?: number | undefined;
  /** The same in a sentence for people. */
  message: string;
}
