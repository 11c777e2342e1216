import type { GradingResult } from '../../contract/result.js';
import type { OverriddenGrade } from '../override-grade.js';
import type { AnswerGroup } from './group-answers.js';

/** An override that a person may confirm for another answer of the group. It is no mark until somebody does. */
export interface OfferedOverride {
  /** Position of the answer, from 0. */
  index: number;
  /** What the person gave the other answer: `overrideGrade` takes it, once confirmed. */
  scoreGiven: number;
  feedback?: string | undefined;
  /** What the answer has now. */
  current: GradingResult | OverriddenGrade;
  /** The offer would change its points. */
  isChange: boolean;
}

/** A group whose members got different marks, though they say nearly the same. */
export interface GroupConflict extends AnswerGroup {
  /** The marks there are, as scaled scores, the commonest first. */
  scores: readonly { scaledScore: number; indexes: readonly number[] }[];
  /** Some pass and some fail. */
  isVerdict: boolean;
  /** Those whose mark is not the commonest: look at them first. */
  minority: readonly number[];
}

/** Marks are rounded to 1e-6. */
const ROUNDING = 1e-6;

/**
 * Offers a person's override to the rest of its group, for confirmation one by one. No mark is copied: answers that people
 * have decided about already are left out, and the others keep theirs until {@link overrideGrade} is called for them.
 *
 * @param groups From {@link groupAnswers}.
 * @param override Of one of the answers; its `index` is the answer's position among the grouped ones.
 * @param results Of the same answers, in the same order: results, or overrides where there are.
 *
 * @example
 * ```ts
 * import type { GradingResult } from 'gradelanes';
 * import { offerOverride, type AnswerGroup, type OverriddenGrade } from 'gradelanes/evaluate';
 *
 * const toConfirm = (groups: readonly AnswerGroup[], override: OverriddenGrade, results: readonly GradingResult[]) =>
 *   offerOverride(groups, override, results).map(({ index, scoreGiven }) => `${index}: ${scoreGiven}?`);
 * ```
 */
export function offerOverride(
  groups: readonly AnswerGroup[],
  override: OverriddenGrade,
  results: readonly (GradingResult | OverriddenGrade)[],
): readonly OfferedOverride[] {
  const group = groups.find(({ indexes }) => indexes.includes(override.index));
  const { scoreGiven, feedback } = override;
  return (group?.indexes ?? []).flatMap((index): readonly OfferedOverride[] => {
    const current = results[index];
    if (index === override.index || current === undefined || current.status === 'overridden') return [];
    const isChange = current.status === 'failed' || Math.abs(current.scoreGiven - scoreGiven) > ROUNDING;
    return [{ index, scoreGiven, ...(feedback !== undefined && { feedback }), current, isChange }];
  });
}

/**
 * The groups whose members got different marks: a check of consistency that costs nothing. A conflict says that one of the
 * marks is likely wrong, not which.
 *
 * @param groups From {@link groupAnswers}.
 * @param results Of the same answers, in the same order; failed ones are left out.
 * @returns Those where some pass and some fail first, then the largest.
 *
 * @example
 * ```ts
 * import { gradeAnswersWithFallback } from 'gradelanes';
 * import { groupAnswers, groupConflicts } from 'gradelanes/evaluate';
 *
 * const question = { prompt: 'Why does ice float?' };
 * const answers = ['Ice is less dense.', 'The ice is less dense!', 'ice: less dense'];
 * let calls = 0;
 * const moody = { grade: async (items: readonly { id: string }[]) => items.map(({ id }) => ({ id, score: calls++ % 2 })) };
 * const { results } = await gradeAnswersWithFallback(
 *   answers.map((answer) => ({ question, answer })),
 *   { provider: moody },
 * );
 * console.log(groupConflicts(groupAnswers(question, answers), results)[0]?.minority.length); // 1
 * ```
 */
export function groupConflicts(
  groups: readonly AnswerGroup[],
  results: readonly (GradingResult | OverriddenGrade)[],
): readonly GroupConflict[] {
  return groups
    .flatMap((group): readonly GroupConflict[] => {
      const graded = group.indexes.flatMap((index) => {
        const result = results[index];
        return result === undefined || result.status === 'failed' ? [] : [{ index, result }];
      });
      const byScore = Map.groupBy(graded, ({ result }) => result.scaledScore);
      if (byScore.size < 2) return [];
      const scores = [...byScore]
        .map(([scaledScore, own]) => ({ scaledScore, indexes: own.map(({ index }) => index) }))
        .toSorted((left, right) => right.indexes.length - left.indexes.length);
      const passing = graded.filter(({ result }) => result.isCorrect).length;
      const minority = scores.slice(1).flatMap(({ indexes }) => indexes);
      return [{ ...group, scores, isVerdict: passing > 0 && passing < graded.length, minority }];
    })
    .toSorted(
      (left, right) => Number(right.isVerdict) - Number(left.isVerdict) || right.indexes.length - left.indexes.length,
    );
}

/**
 * The order in which a person reviews best: groups that contradict themselves first, then those with a grade that needs a
 * review, the largest before smaller ones; members of a group come one after the other, those that need a review first.
 *
 * @param groups From {@link groupAnswers}.
 * @param results Of the same answers, in the same order.
 * @returns The position of every answer.
 *
 * @example
 * ```ts
 * import type { GradingResult } from 'gradelanes';
 * import { groupAnswers, reviewOrder } from 'gradelanes/evaluate';
 *
 * const inOrder = (answers: readonly string[], results: readonly GradingResult[]) =>
 *   reviewOrder(groupAnswers({ prompt: 'Why does ice float?' }, answers), results);
 * ```
 */
export function reviewOrder(
  groups: readonly AnswerGroup[],
  results: readonly (GradingResult | OverriddenGrade)[],
): readonly number[] {
  const inConflict = new Set(groupConflicts(groups, results).map(({ pilot }) => pilot));
  const needsReview = (index: number): boolean => isOpen(results[index]);
  const urgency = ({ pilot, indexes }: AnswerGroup): number =>
    inConflict.has(pilot) ? 2 : indexes.some(needsReview) ? 1 : 0;
  return groups
    .toSorted((left, right) => urgency(right) - urgency(left) || right.indexes.length - left.indexes.length)
    .flatMap(({ indexes }) =>
      indexes.toSorted((left, right) => Number(needsReview(right)) - Number(needsReview(left))),
    );
}

function isOpen(result: GradingResult | OverriddenGrade | undefined): boolean {
  if (result === undefined || result.status === 'overridden') return false;
  return result.status === 'failed' || result.needsReview;
}
