import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { CriteriaVerdict, Question, ScoreVerdict } from 'gradelanes';
import { mergeOpinions } from '../../../src/grading/marks/merge-opinions.js';
import { scoreOf } from '../../../src/grading/marks/score.js';

const plain: Question = { prompt: 'Why?' };
const rubric: Question = {
  prompt: 'Why?',
  rubric: {
    criteria: [
      { id: 'a', description: 'x', points: 3 },
      { id: 'b', description: 'y' },
      { id: 'fault', description: 'z', points: -1 },
    ],
  },
};
const scores = (...given: readonly number[]): ScoreVerdict[] =>
  given.map((score, index) => ({ id: `k${index}`, score }));
const criteria = (a: number, b: number, fault: number, comment?: string): CriteriaVerdict => ({
  id: 'k',
  criteria: [
    { id: 'a', score: a, comment },
    { id: 'b', score: b },
    { id: 'fault', score: fault },
  ],
});

describe('marks', () => {
  test.each([
    ['one opinion is left as it is', [0.4], 0.4],
    ['two meet half-way', [0.4, 0.6], 0.5],
    ['of three the middle one counts', [1, 0.6, 0.4], 0.6],
    ['one far off moves nothing', [0.8, 0.8, 0], 0.8],
    ['of four the two in the middle count', [0, 0.4, 0.6, 1], 0.5],
  ])('%s', (_, given, expected) => {
    expect(scoreOf(plain, mergeOpinions(plain, scores(...given)).verdict).scaledScore).toBe(expected);
  });

  test('are merged per criterion and summed in code', () => {
    const { verdict } = mergeOpinions(rubric, [criteria(1, 0, 0), criteria(0.8, 1, 1), criteria(0.2, 0.6, 0)]);
    expect(scoreOf(rubric, verdict)).toMatchObject({
      scoreGiven: 3,
      criteria: [
        { id: 'a', scoreGiven: 2.4 },
        { id: 'b', scoreGiven: 0.6 },
        { id: 'fault', scoreGiven: 0 },
      ],
    });
  });

  test('are merged as wholes where one opinion has no criteria', () => {
    const { verdict } = mergeOpinions(rubric, [criteria(1, 1, 0), { id: 'k', score: 0.5 }]);
    expect(scoreOf(rubric, verdict)).toMatchObject({ scaledScore: 0.75 });
    expect(verdict).not.toHaveProperty('criteria');
  });
});

describe('words', () => {
  test('are those of the opinion that lies nearest, the first of several', () => {
    const given = scores(0, 0.6, 0.6, 1).map((opinion, index) => ({
      ...opinion,
      feedback: `feedback ${index}`,
      rationale: `rationale ${index}`,
    }));
    const { verdict, nearest } = mergeOpinions(plain, given);
    expect(nearest).toBe(1);
    expect(verdict).toMatchObject({ feedback: 'feedback 1', rationale: 'rationale 1' });
  });

  test('on criteria go with them', () => {
    const { verdict } = mergeOpinions(rubric, [
      criteria(0.6, 1, 0, 'nearly'),
      criteria(0, 0, 0, 'nothing'),
      criteria(1, 1, 0),
    ]);
    expect(verdict).toMatchObject({ criteria: [{ id: 'a', score: 0.6, comment: 'nearly' }, {}, {}] });
  });

  test('hold every flag that any opinion raised, once', () => {
    const [first = { id: '', score: 0 }, second = first] = scores(1, 1);
    const { verdict } = mergeOpinions(plain, [
      { ...first, flags: ['off_topic', 'manipulation'] },
      { ...second, flags: ['manipulation', 'contradiction'] },
    ]);
    expect(verdict.flags).toEqual(['off_topic', 'manipulation', 'contradiction']);
  });
});

describe('confidence', () => {
  test.each([
    ['two that agree', [0.8, 0.8], undefined, 0.75, 2],
    ['three that agree', [0.8, 1, 0.8], undefined, 0.8, 3],
    ['one of three on the other side of the line', [0.6, 0.6, 0.4], undefined, 0.6, 2],
    ['two that contradict each other', [0, 1], undefined, 0.25, 0],
    ['two sure ones that agree', [0.8, 0.8], [0.9, 0.7], 0.78, 2],
    ['one of two that states any', [0.8, 0.8], [0.5, undefined], 0.63, 2],
  ])('of %s', (_, given, stated, expected, agreeing) => {
    const opinions = scores(...given).map((opinion, index) => ({ ...opinion, confidence: stated?.[index] }));
    expect(mergeOpinions(plain, opinions)).toMatchObject({ verdict: { confidence: expected }, agreeing });
  });
});

test.prop([
  fc.array(
    fc.record({
      score: fc.constantFrom(0, 0.2, 0.4, 0.6, 0.8, 1),
      confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 10 },
  ),
])('whatever the opinions, the marks lie between them, and order changes neither marks nor confidence', (given) => {
  const opinions = given.map((opinion) => ({ id: 'k', ...opinion }));
  const { verdict, agreeing } = mergeOpinions(plain, opinions);
  const all = opinions.map(({ score }) => score);
  const merged = scoreOf(plain, verdict).scaledScore;
  expect(merged).toBeGreaterThanOrEqual(Math.min(...all));
  expect(merged).toBeLessThanOrEqual(Math.max(...all));
  expect(verdict.confidence).toBeGreaterThanOrEqual(0);
  expect(verdict.confidence).toBeLessThanOrEqual(1);
  const reversed = mergeOpinions(plain, opinions.toReversed());
  expect(scoreOf(plain, reversed.verdict).scaledScore).toBe(merged);
  expect(reversed.agreeing).toBe(agreeing);
  expect(reversed.verdict.confidence).toBeCloseTo(verdict.confidence ?? Number.NaN, 1);
});
