/** What a rule makes of one part of an answer. */
export interface RulePart {
  isCorrect: boolean;
  /** Of full marks for the question: below 0 where it costs some. */
  share: number;
  /** The most that the part could earn, as a share of full marks. */
  maximum: number;
}

/** The share of full marks (0..1) of an answer in several parts, and how it came to be. */
export interface PartedScore {
  score: number;
  /** In the order of the question's choices, places, pairs or blanks. */
  parts: readonly RulePart[];
}

/**
 * What a rule makes of an answer: the share of full marks, with its parts where it has several, or, when it does not
 * decide, a teacher's note on what it saw (undefined when it has nothing to say).
 */
export type RuleOutcome = number | PartedScore | string | undefined;

/** The finding where a key and a reference answer say different things. */
export const DISAGREEMENT = 'Key and references disagree on this answer.';

/**
 * Marks for parts of which each is right or wrong. Marked one by one, each right part earns its weight; all or nothing,
 * the parts earn theirs only together.
 *
 * @param weights One per part; equal ones where it is left out.
 */
export function partedScore(
  areCorrect: readonly boolean[],
  scoring: 'partial' | 'all_or_nothing' = 'partial',
  weights: readonly number[] = areCorrect.map(() => 1),
): number | PartedScore {
  const total = sum(weights);
  const isPerfect = areCorrect.every(Boolean);
  const earned = sum(weights.filter((_, index) => areCorrect[index]));
  const score = scoring === 'all_or_nothing' ? Number(isPerfect) : earned / total;
  if (areCorrect.length < 2) return score;
  const isEarning = scoring === 'partial' || isPerfect;
  const parts = areCorrect.map((isCorrect, index): RulePart => {
    const maximum = (weights[index] ?? 0) / total;
    return { isCorrect, share: isCorrect && isEarning ? maximum : 0, maximum };
  });
  return { score, parts };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
