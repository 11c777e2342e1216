import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { GradingItem, Question, Verdict } from 'gradelanes';
import { checkVerdicts, type CheckedVerdict } from '../../../src/grading/marks/check-verdict.js';

const item = (id: string, question: Question = { prompt: 'Why?' }): GradingItem => ({ id, question, answer: 'x' });
const rubric = {
  criteria: [
    { id: 'a', description: 'x' },
    { id: 'b', description: 'y', points: -1 },
  ],
};
const marked = item('k', { prompt: 'Why?', rubric });

/** What one verdict is worth. */
function check(verdict: unknown, asked: GradingItem = item('k')): CheckedVerdict | undefined {
  const withId = typeof verdict === 'object' && verdict !== null ? { id: 'k', ...verdict } : verdict;
  return checkVerdicts([asked], [withId as Verdict])[0];
}

describe('verdicts are found by their id', () => {
  test('in any order; missing, duplicate and foreign ones concern only their own item', () => {
    const items = ['a', 'b', 'c'].map((id) => item(id));
    const verdicts = [
      { id: 'c', score: 0.3 },
      { id: 'x', score: 1 },
      { id: 'b', score: 1 },
      { id: 'b', score: 0 },
    ];
    expect(checkVerdicts(items, verdicts)).toEqual([
      { kind: 'malformed', reason: 'no result carried the key of this answer' },
      { kind: 'malformed', reason: 'more than one result carried the key of this answer' },
      { kind: 'score', verdict: { id: 'c', score: 0.3 } },
    ]);
  });

  test.each([null, undefined, 7, 'k', [], () => {}, { score: 1, id: 7 }])('and %o is none', (verdict) => {
    expect(checkVerdicts([item('k')], [verdict as unknown as Verdict])).toMatchObject([{ kind: 'malformed' }]);
  });

  test('also where an item is called like a property of every object', () => {
    expect(checkVerdicts([item('__proto__'), item('toString')], [])).toMatchObject([
      { kind: 'malformed' },
      { kind: 'malformed' },
    ]);
  });
});

describe('a score', () => {
  test.each([0, 0.5, 1, Number.MIN_VALUE])('of %d counts', (score) => {
    expect(check({ score })).toEqual({ kind: 'score', verdict: { id: 'k', score } });
  });

  test.each<[unknown, string]>([
    [-Number.MIN_VALUE, 'the score was out of range'],
    [1 + Number.EPSILON, 'the score was out of range'],
    [5, 'the score was out of range'],
    [Number.NaN, 'the score was not a number'],
    [Infinity, 'the score was not a number'],
    ['1', 'the score was not a number'],
    [true, 'the score was not a number'],
    [null, 'the score was not a number'],
    [undefined, 'the score was not a number'],
    [[1], 'the score was not a number'],
  ])('of %o is none', (score, reason) => {
    expect(check({ score })).toEqual({ kind: 'malformed', reason });
  });
});

describe('scores of criteria', () => {
  const scores = (a: unknown, b: unknown) => ({
    criteria: [
      { id: 'a', score: a },
      { id: 'b', score: b },
    ],
  });

  test('count when every criterion has one, in any order', () => {
    const verdict = { criteria: scores(1, 0).criteria.toReversed() };
    expect(check(verdict, marked)).toMatchObject({ kind: 'score', verdict });
  });

  test('keep comments that are texts', () => {
    const criteria = [
      { id: 'a', score: 1, comment: 'clear' },
      { id: 'b', score: 0, comment: 7 },
    ];
    expect(check({ criteria }, marked)).toEqual({
      kind: 'score',
      verdict: {
        id: 'k',
        criteria: [
          { id: 'a', score: 1, comment: 'clear' },
          { id: 'b', score: 0 },
        ],
      },
    });
  });

  test.each<[string, object, string]>([
    ['a missing criterion', { criteria: [{ id: 'a', score: 1 }] }, 'there were scores for 1 criteria, not for 2'],
    ['no criteria', { criteria: [] }, 'there were scores for 0 criteria, not for 2'],
    [
      'one too many',
      { criteria: [...scores(1, 1).criteria, { id: 'c', score: 1 }] },
      'there were scores for 3 criteria, not for 2',
    ],
    [
      'a duplicate',
      {
        criteria: [
          { id: 'a', score: 1 },
          { id: 'a', score: 1 },
        ],
      },
      'criterion 2 had no score',
    ],
    [
      'a foreign id',
      {
        criteria: [
          { id: 'a', score: 1 },
          { id: 'z', score: 1 },
        ],
      },
      'criterion 2 had no score',
    ],
    ['a score out of range', scores(1, 1.2), 'the score of criterion 2 was out of range'],
    ['a score that is no number', scores('high', 1), 'the score of criterion 1 was not a number'],
    ['NaN', scores(Number.NaN, 1), 'the score of criterion 1 was not a number'],
  ])('are none with %s', (_, verdict, reason) => {
    expect(check(verdict, marked)).toEqual({ kind: 'malformed', reason });
  });

  test.each([[[null, null]], [[7, 'x']], [[undefined, { id: 'a', score: 1 }]]])(
    'finds fault with criteria that are no objects: %o',
    (criteria) => {
      expect(check({ criteria }, marked)).toMatchObject({ kind: 'malformed' });
    },
  );

  test.each([null, 'x', 7, {}])('are none where they are %o, no list, and there is no score', (criteria) => {
    expect(check({ criteria }, marked)).toMatchObject({ kind: 'malformed' });
  });

  test('may be left out of a rubric question for a score alone', () => {
    expect(check({ score: 0.5 }, marked)).toEqual({ kind: 'score', verdict: { id: 'k', score: 0.5 } });
    expect(check({ score: 0.5, criteria: undefined }, marked)).toMatchObject({
      kind: 'score',
      verdict: { score: 0.5 },
    });
  });

  test('takes criteria for a question without a rubric for no verdict', () => {
    for (const criteria of [[], [{ id: 'a', score: 1 }]]) {
      expect(check({ criteria })).toMatchObject({ kind: 'malformed' });
      const beside = check({ score: 0.8, criteria });
      expect(beside?.kind === 'score' ? beside.verdict : { score: 0.8 }).toMatchObject({ score: 0.8 });
    }
  });
});

describe('refused and malformed verdicts', () => {
  test('are what they say', () => {
    expect(check({ refused: true })).toEqual({ kind: 'refused', reason: undefined });
    expect(check({ refused: 'unsafe' })).toEqual({ kind: 'refused', reason: 'unsafe' });
    expect(check({ malformed: 'no JSON' })).toEqual({ kind: 'malformed', reason: 'no JSON' });
  });

  test('come before a score', () => {
    expect(check({ refused: true, score: 1 })).toMatchObject({ kind: 'refused' });
    expect(check({ malformed: 'no JSON', score: 1 })).toMatchObject({ kind: 'malformed' });
  });

  test('ignores refused and malformed when they are undefined', () => {
    expect(check({ score: 1, refused: undefined, malformed: undefined })).toMatchObject({ kind: 'score' });
  });
});

test.prop([fc.array(fc.anything({ withNullPrototype: true }), { maxLength: 4 }), fc.boolean()], { numRuns: 500 })(
  'whatever a provider returns, each item gets one outcome, and a score is one that the provider gave',
  (verdicts, hasRubric) => {
    const asked = hasRubric ? marked : item('k');
    const outcomes = checkVerdicts([asked], verdicts as Verdict[]);
    expect(outcomes).toHaveLength(1);
    const [outcome] = outcomes;
    if (outcome?.kind !== 'score') return;
    expect(verdicts).toContainEqual(expect.objectContaining({ id: 'k' }));
  },
);

test.prop([
  fc.dictionary(
    fc.constantFrom('score', 'criteria', 'feedback', 'rationale', 'confidence', 'flags', 'refused', 'malformed'),
    fc.anything({ withNullPrototype: true }),
  ),
  fc.boolean(),
])('whatever a verdict holds, nothing is thrown and notes are of their types', (fields, hasRubric) => {
  const outcome = check(fields, hasRubric ? marked : item('k'));
  if (outcome?.kind !== 'score') return;
  const { feedback = '', rationale = '', confidence = 0, flags = [] } = outcome.verdict;
  expect([typeof feedback, typeof rationale, typeof confidence]).toEqual(['string', 'string', 'number']);
  expect(confidence >= 0 && confidence <= 1).toBe(true);
  expect(flags.every((flag) => typeof flag === 'string')).toBe(true);
});
