import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { DEFAULT_PASSING_SCALED_SCORE, type Question, type RubricCriterion } from 'gradelanes';
import { maximumOf, scoreFromShare, scoreOf } from '../../../src/grading/marks/score.js';

const prompt = 'Why?';
const withRubric = (...points: (number | undefined)[]): Question => ({
  prompt,
  rubric: {
    criteria: points.map((each, index): RubricCriterion => ({ id: `c${index}`, description: 'x', points: each })),
  },
});
const verdict = (...scores: number[]) => ({
  id: 'k',
  criteria: scores.map((score, index) => ({ id: `c${index}`, score })),
});

describe('the maximum', () => {
  test.each<[Question, number]>([
    [{ prompt }, 1],
    [{ prompt, scoreMaximum: 2.5 }, 2.5],
    [withRubric(undefined, undefined, 2), 4],
    [withRubric(3, -1), 3],
    [{ ...withRubric(3, 1), scoreMaximum: 10 }, 10],
  ])('of %o is %d', (question, maximum) => {
    expect(maximumOf(question)).toBe(maximum);
  });
});

describe('a holistic score', () => {
  test('is a share of the maximum, rounded to a millionth', () => {
    expect(scoreOf({ prompt, scoreMaximum: 3 }, { id: 'k', score: 1 / 3 })).toEqual({
      scoreGiven: 1,
      scoreMaximum: 3,
      scaledScore: 0.333333,
      isCorrect: false,
      suggestedRating: 1,
    });
  });

  test('is valid for a question with a rubric and then says nothing of its criteria', () => {
    expect(scoreOf(withRubric(2, 2), { id: 'k', score: 0.75 })).toEqual({
      scoreGiven: 3,
      scoreMaximum: 4,
      scaledScore: 0.75,
      isCorrect: true,
      suggestedRating: 3,
    });
  });
});

describe('scores of criteria', () => {
  test('are summed here, in points', () => {
    expect(scoreOf(withRubric(2, 1), verdict(0.8, 0.2))).toMatchObject({
      scoreGiven: 1.8,
      scoreMaximum: 3,
      scaledScore: 0.6,
      criteria: [
        { id: 'c0', scoreGiven: 1.6, scoreMaximum: 2 },
        { id: 'c1', scoreGiven: 0.2, scoreMaximum: 1 },
      ],
    });
  });

  test('are matched by id, in any order', () => {
    const reversed = { id: 'k', criteria: verdict(1, 0).criteria.toReversed() };
    expect(scoreOf(withRubric(2, 1), reversed)).toMatchObject({ scoreGiven: 2 });
  });

  test('of a fault cost points, down to nothing', () => {
    expect(scoreOf(withRubric(2, -1), verdict(1, 0))).toMatchObject({ scoreGiven: 2, scaledScore: 1 });
    expect(scoreOf(withRubric(2, -1), verdict(1, 0.5))).toMatchObject({ scoreGiven: 1.5, scaledScore: 0.75 });
    const lost = scoreOf(withRubric(2, -3), verdict(0.2, 1));
    expect(lost).toMatchObject({ scoreGiven: 0, scaledScore: 0 });
    expect(lost.criteria?.[1]).toEqual({ id: 'c1', scoreGiven: -3, scoreMaximum: -3 });
  });

  test('of a fault that is absent are 0, not -0', () => {
    expect(scoreOf(withRubric(2, -1), verdict(1, 0)).criteria?.[1]?.scoreGiven).toBe(0);
  });

  test('count against a maximum that is given, and never beyond it', () => {
    expect(scoreOf({ ...withRubric(3, 3), scoreMaximum: 4 }, verdict(1, 1))).toMatchObject({
      scoreGiven: 4,
      scaledScore: 1,
    });
    expect(scoreOf({ ...withRubric(1, 1), scoreMaximum: 4 }, verdict(1, 1))).toMatchObject({
      scoreGiven: 2,
      scaledScore: 0.5,
    });
  });

  test('keep their comments', () => {
    const commented = { id: 'k', criteria: [{ id: 'c0', score: 1, comment: 'clear' }] };
    expect(scoreOf(withRubric(1), commented).criteria).toEqual([
      { id: 'c0', scoreGiven: 1, scoreMaximum: 1, comment: 'clear' },
    ]);
  });

  test('sum as people expect', () => {
    expect(scoreOf(withRubric(0.1, 0.2), verdict(1, 1))).toMatchObject({ scoreGiven: 0.3, scaledScore: 1 });
  });
});

describe('passing and the rating', () => {
  test.each([
    [0, undefined, false, 1],
    [0.49, undefined, false, 1],
    [0.5, undefined, true, 2],
    [0.74, undefined, true, 2],
    [0.75, undefined, true, 3],
    [1, undefined, true, 3],
    [0.89, 0.8, true, 2],
    [0.9, 0.8, true, 3],
    [0.79, 0.8, false, 1],
    [1, 1, true, 3],
    [0.999, 1, false, 1],
    [0, 0, true, 2],
    [0.5, 0, true, 3],
  ])(
    'a share of %d with a passing score of %s: correct %s, rating %i',
    (share, passingScaledScore, isCorrect, suggestedRating) => {
      expect(scoreFromShare({ prompt, passingScaledScore }, share)).toMatchObject({ isCorrect, suggestedRating });
    },
  );

  test('passes at half the marks by default', () => {
    expect(DEFAULT_PASSING_SCALED_SCORE).toBe(0.5);
  });
});

const anyQuestion = fc.record(
  {
    prompt: fc.constant(prompt),
    scoreMaximum: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    passingScaledScore: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: ['prompt'] },
);

test.prop([anyQuestion, fc.double({ min: -2, max: 2, noNaN: true })], { numRuns: 500 })(
  'a score is always within its bounds and agrees with itself',
  (question, share) => {
    const score = scoreFromShare(question, share);
    expect(score.scaledScore).toBeGreaterThanOrEqual(0);
    expect(score.scaledScore).toBeLessThanOrEqual(1);
    expect(score.scoreGiven).toBeGreaterThanOrEqual(0);
    expect(score.scoreGiven).toBeLessThanOrEqual(score.scoreMaximum);
    expect(Math.abs(score.scoreGiven - score.scaledScore * score.scoreMaximum)).toBeLessThanOrEqual(
      1e-6 * Math.max(1, score.scoreMaximum),
    );
    expect(score.suggestedRating === 1).toBe(!score.isCorrect);
    expect([1, 2, 3]).toContain(score.suggestedRating);
  },
);

test.prop([
  fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 5 })), { minLength: 1, maxLength: 8 }),
])('a better level never lowers the total, a worse fault never raises it', (marks) => {
  const question = withRubric(1, ...marks.map(([points]) => points));
  const total = (levels: readonly number[]): number =>
    scoreOf(question, verdict(1, ...levels.map((level) => level / 5))).scoreGiven;
  const levels = marks.map(([, level]) => level);
  for (const [index, [points, level]] of marks.entries()) {
    const raised = levels.with(index, Math.min(5, level + 1));
    if (points >= 0) expect(total(raised)).toBeGreaterThanOrEqual(total(levels));
    else expect(total(raised)).toBeLessThanOrEqual(total(levels));
  }
});
