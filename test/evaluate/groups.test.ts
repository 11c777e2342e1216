import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { groupAnswers, groupConflicts, offerOverride, overrideGrade, reviewOrder } from 'gradelanes/evaluate';
import { seededRandom } from 'gradelanes/testing';
import { hasGradingData, readRows, type GradedRow } from '../tools/grading-data.js';
import { gradeOf } from './graded-answers.js';

const question = { id: 'ice', prompt: 'Why does ice float?' };

function indexesOf(answers: readonly string[], similarity?: number): readonly (readonly number[])[] {
  return groupAnswers(question, answers, { similarity }).map(({ indexes }) => indexes);
}

describe('groupAnswers', () => {
  test('puts answers together that differ in form, order and function words', () => {
    const answers = [
      'Ice is less dense than water.',
      'because the ice has air',
      'WATER: less dense than ice',
      'The ice had airs',
    ];
    expect(indexesOf(answers)).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  test('keeps negations, numbers and opposites apart, whatever else is the same', () => {
    const words = 'ice floats on the cold water of every lake';
    const answers = [words, `${words} not`, `${words} 2`, `${words} 3`, `${words} more`, `${words} less`];
    expect(groupAnswers(question, answers, { similarity: 0.5 })).toHaveLength(6);
  });

  test('groups code only where it is the same, and blank answers', () => {
    const code = { ...question, kind: 'code' } as const;
    expect(groupAnswers(code, ['a - b', 'b - a', 'a  -  b']).map(({ indexes }) => indexes)).toEqual([[0, 2], [1]]);
    expect(indexesOf(['', ' ', 'yes', 'because'])).toEqual([[0, 1], [2], [3]]);
  });

  test('takes answers in parts', () => {
    expect(groupAnswers(question, [['less', 'dense'], 'less dense'])[0]?.indexes).toEqual([0, 1]);
  });

  test('refuses a similarity outside its range', () => {
    expect(() => indexesOf(['a'], 0)).toThrow('similarity must be a number above 0 and at most 1: received 0');
  });

  const word = fc.constantFrom('ice', 'water', 'dense', 'less', 'not', 'air', '2', 'floats', 'light', 'the');
  const answer = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
  test.prop([fc.array(answer, { maxLength: 40 }), fc.double({ min: 0.3, max: 1, noNaN: true })], { numRuns: 60 })(
    'holds every answer once, pilot first, and finds the groups that comparing all with all finds',
    (answers, similarity) => {
      const groups = groupAnswers(question, answers, { similarity });
      const all = groups.flatMap(({ indexes }) => indexes).toSorted((left, right) => left - right);
      expect(all).toEqual(answers.map((_, index) => index));
      for (const { pilot, indexes } of groups) {
        expect(indexes[0]).toBe(pilot);
        // Each is near enough to its pilot to be put with it were there nobody else.
        for (const index of indexes.slice(1)) {
          const pair = [answers[pilot] ?? '', answers[index] ?? ''];
          expect(groupAnswers(question, pair, { similarity })).toHaveLength(1);
        }
      }
    },
  );
});

describe('review by groups', () => {
  const answers = [
    'less dense ice',
    'ice less dense',
    'the ice is less dense',
    'it is cold',
    'air inside',
    'inside air',
  ];
  const groups = groupAnswers(question, answers);
  const results = [1, 1, 0, 0, 1, 1].map((scaledScore, index) =>
    gradeOf({ index, scaledScore, isCorrect: scaledScore >= 0.5, needsReview: index === 3 }),
  );

  test('a group whose members got different marks is a conflict, and says who is in the minority', () => {
    expect(groupConflicts(groups, results)).toEqual([
      {
        ...{ pilot: 0, indexes: [0, 1, 2], isVerdict: true, minority: [2] },
        scores: [
          { scaledScore: 1, indexes: [0, 1] },
          { scaledScore: 0, indexes: [2] },
        ],
      },
    ]);
  });

  test('conflicts come first in the order of review, then what needs one', () => {
    expect(reviewOrder(groups, results)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(reviewOrder(groups, results.with(2, gradeOf({ index: 2 })))).toEqual([3, 0, 1, 2, 4, 5]);
  });

  test('an override is offered to the rest of its group and changes nothing by itself', () => {
    const [first, second] = results;
    if (first === undefined || second === undefined) throw new Error('there are results');
    const override = overrideGrade(first, { question, scoreGiven: 0, feedback: 'see page 3' });
    const decided = overrideGrade(second, { question, scoreGiven: 1 });
    const before = structuredClone(results);
    expect(offerOverride(groups, override, [first, decided, ...results.slice(2)])).toEqual([
      { index: 2, scoreGiven: 0, feedback: 'see page 3', current: results[2], isChange: false },
    ]);
    expect(offerOverride(groups, override, results)[0]).toMatchObject({ index: 1, isChange: true });
    expect(results).toEqual(before);
  });
});

describe.skipIf(!hasGradingData)('groups of real answers', () => {
  const groupsOf = (set: string) =>
    [...Map.groupBy(readRows(set), (row) => row.questionId).values()].flatMap((rows) => {
      const texts = rows.map(({ answer }) => answer);
      return groupAnswers({ prompt: rows[0]?.question ?? '' }, texts)
        .filter(({ indexes }) => indexes.length >= 3)
        .map(({ indexes }) => indexes.flatMap((index) => rows[index] ?? []));
    });
  const passes = ({ score }: GradedRow): boolean => score >= 0.5;

  test('of SciEntsBank, at least 95 % in groups of three or more have the mark of their group', () => {
    const groups = groupsOf('scientsbank-train');
    const inGroups = groups.reduce((sum, rows) => sum + rows.length, 0);
    const alike = groups.reduce((sum, rows) => {
      const passing = rows.filter(passes).length;
      return sum + Math.max(passing, rows.length - passing);
    }, 0);
    expect(alike / inGroups).toBeGreaterThanOrEqual(0.95);
    // Coverage as measured: 9 % of the answers.
    expect(inGroups / readRows('scientsbank-train').length).toBeGreaterThan(0.085);
  });

  test('expose at least 90 % of the flips of an inconsistent grader that fall into groups', () => {
    const random = seededRandom(3);
    let [flips, exposed] = [0, 0];
    for (const rows of groupsOf('scientsbank-train')) {
      const flipped = rows.map(() => random() < 0.1);
      const majority = rows.filter(passes).length * 2 >= rows.length;
      const results = flipped.map((isFlipped, index) => {
        const scaledScore = Number(isFlipped ? !majority : majority);
        return gradeOf({ index, scaledScore, isCorrect: scaledScore === 1 });
      });
      const indexes = rows.map((_, index) => index);
      const minority = groupConflicts([{ pilot: 0, indexes }], results)[0]?.minority ?? [];
      flips += flipped.filter(Boolean).length;
      exposed += minority.filter((index) => flipped[index]).length;
    }
    expect(flips).toBeGreaterThan(30);
    expect(exposed / flips).toBeGreaterThanOrEqual(0.9);
  });
});
