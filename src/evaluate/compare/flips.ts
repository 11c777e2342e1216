import type { CriterionScore, GradedAnswer, GradingResult } from '../../contract/result.js';
import type { HumanMark } from '../marked-answers.js';

/** An answer that one run passes and the other fails. */
export interface Flip {
  /** Position in both runs, from 0. */
  index: number;
  questionId?: string | undefined;
  answerId?: string | undefined;
  /** The scaled scores. */
  before: number;
  after: number;
  afterPasses: boolean;
  /** The new verdict is a person's; absent without a mark. */
  isRight?: boolean | undefined;
}

/** How the points of one criterion moved between two runs. */
export interface CriterionShift {
  id: string;
  raised: number;
  lowered: number;
  /** Answers whose points moved: their positions, from 0. */
  indexes: readonly number[];
}

/** Scores are rounded to 1e-6. */
const ROUNDING = 1e-6;

/** Both grades of each answer that has two. */
export function gradedTwice(
  before: readonly GradingResult[],
  after: readonly GradingResult[],
): readonly (readonly [before: GradedAnswer, after: GradedAnswer, index: number])[] {
  return before.flatMap((first, index) => {
    const second = after[index];
    return first.status === 'graded' && second?.status === 'graded' ? [[first, second, index] as const] : [];
  });
}

/** Answers whose score is another one now. */
export function shiftedCount(before: readonly GradingResult[], after: readonly GradingResult[]): number {
  return gradedTwice(before, after).filter(([first, second]) => hasMoved(first.scaledScore, second.scaledScore)).length;
}

/** The verdicts that flipped, in the order of the answers. */
export function flipsBetween(
  before: readonly GradingResult[],
  after: readonly GradingResult[],
  marks: readonly HumanMark[] | undefined,
): readonly Flip[] {
  const markOf = new Map(marks?.map((mark) => [mark.index, mark]));
  return gradedTwice(before, after)
    .filter(([first, second]) => first.isCorrect !== second.isCorrect)
    .map(([first, second, index]): Flip => {
      const { questionId, answerId } = second;
      const mark = markOf.get(index);
      return {
        index,
        ...(questionId !== undefined && { questionId }),
        ...(answerId !== undefined && { answerId }),
        ...{ before: first.scaledScore, after: second.scaledScore, afterPasses: second.isCorrect },
        ...(mark !== undefined && { isRight: mark.expectedPasses === second.isCorrect }),
      };
    });
}

/** The criteria whose points moved anywhere, those of one id together. */
export function criterionShifts(
  before: readonly GradingResult[],
  after: readonly GradingResult[],
): readonly CriterionShift[] {
  const byId = new Map<string, { raised: number; lowered: number; indexes: number[] }>();
  for (const [first, second, index] of gradedTwice(before, after)) {
    for (const criterion of second.criteria ?? []) {
      const earlier = first.criteria?.find(({ id }) => id === criterion.id);
      if (earlier === undefined || !hasMoved(shareOf(earlier), shareOf(criterion))) continue;
      const shift = byId.get(criterion.id) ?? { raised: 0, lowered: 0, indexes: [] };
      if (shareOf(criterion) > shareOf(earlier)) shift.raised += 1;
      else shift.lowered += 1;
      shift.indexes.push(index);
      byId.set(criterion.id, shift);
    }
  }
  return [...byId].map(([id, shift]) => ({ id, ...shift }));
}

/** Of the criterion's points: a new rubric may give it others. */
function shareOf({ scoreGiven, scoreMaximum }: CriterionScore): number {
  return scoreMaximum === 0 ? 0 : scoreGiven / Math.abs(scoreMaximum);
}

function hasMoved(before: number, after: number): boolean {
  return Math.abs(after - before) > ROUNDING;
}
