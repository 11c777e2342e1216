import { afterEach, describe, expect, test, vi } from 'vitest';
import { gradeAnswersWithFallback, type AnswerToGrade, type GradingOptions } from 'gradelanes';
import { expectEveryAnswerOnce, mockProvider } from 'gradelanes/testing';
import { outcomes, sampleAnswers } from '../../sample-answers.js';

afterEach(() => {
  vi.doUnmock('../../../src/grading/rules/grade-locally.js');
  vi.resetModules();
});

const truth = { kind: 'true_false', prompt: 'Ice floats.', correctAnswer: true } as const;
const reference = { prompt: 'What floats?', referenceAnswers: ['ice'] };
const decidable: readonly AnswerToGrade[] = [
  { question: truth, answer: 'true' },
  { question: reference, answer: 'ice' },
  { question: reference, answer: '' },
];

/** How each answer was graded. */
async function gradedBy(answers: readonly AnswerToGrade[], localGrading: GradingOptions['localGrading']) {
  const report = await gradeAnswersWithFallback(answers, { provider: mockProvider(0.5), localGrading });
  expectEveryAnswerOnce(report, answers);
  return report.results.map((result) => result.status === 'graded' && result.gradedBy);
}

describe('grading without a model', () => {
  test.each<[GradingOptions['localGrading'], readonly string[]]>([
    [undefined, ['rule', 'exact', 'rule']],
    [true, ['rule', 'exact', 'rule']],
    [false, ['llm', 'llm', 'llm']],
    [{ rules: false }, ['llm', 'exact', 'rule']],
    [{ exactMatch: false }, ['rule', 'llm', 'rule']],
    [{ blank: false }, ['rule', 'exact', 'llm']],
  ])('with localGrading %o', async (localGrading, expected) => {
    expect(await gradedBy(decidable, localGrading)).toEqual(expected);
  });

  test('asks no provider about any objective kind, and counts them', async () => {
    const choices = ['ice', 'lead', 'cork'];
    const answers: readonly AnswerToGrade[] = [
      { question: { kind: 'multiple_choice', prompt: 'What sinks?', choices, correctChoices: [1] }, answer: 'B) lead' },
      {
        question: { kind: 'multiple_select', prompt: 'What floats?', choices, correctChoices: [0, 2] },
        answer: [0, 2],
      },
      { question: truth, answer: 'false' },
      {
        question: { kind: 'numeric', prompt: 'How dense?', numeric: { value: 0.917, unit: 'g/cm3' } },
        answer: '0.917 g/cm3',
      },
      { question: { kind: 'ordering', prompt: 'Lightest first', choices, correctOrder: [2, 0, 1] }, answer: [2, 0, 1] },
      {
        question: {
          kind: 'matching',
          prompt: 'Match',
          pairs: [
            ['ice', 'floats'],
            ['lead', 'sinks'],
          ],
        },
        answer: 'ice -> floats; lead -> sinks',
      },
      { question: { kind: 'cloze', prompt: 'Ice _', blanks: [{ accept: ['floats'] }] }, answer: ['floats'] },
    ];
    const provider = mockProvider(new Error('never asked'));
    const { results, metrics } = await gradeAnswersWithFallback(answers, { provider });
    expect(results.map((result) => result.status === 'graded' && result.scaledScore)).toEqual([1, 1, 0, 1, 1, 1, 1]);
    expect(results.every((result) => result.status === 'graded' && result.rule !== undefined)).toBe(true);
    expect(metrics).toMatchObject({ localCount: 7, requests: 0 });
    expect(provider.calls).toEqual([]);
  });

  test('obeys the question before the run', async () => {
    const own = (localGrading: boolean): AnswerToGrade => ({ question: { ...truth, localGrading }, answer: 'true' });
    expect(await gradedBy([own(true)], false)).toEqual(['rule']);
    expect(await gradedBy([own(false)], true)).toEqual(['llm']);
  });

  test('leaves to the model what no rule decides', async () => {
    expect(await gradedBy([{ question: truth, answer: 'true, because it is light' }], true)).toEqual(['llm']);
  });

  test('sends the answer to the model when a rule throws', async () => {
    const broken = (): never => {
      throw new Error('a defect in a rule');
    };
    vi.resetModules();
    vi.doMock('../../../src/grading/rules/grade-locally.js', () => ({ gradeLocally: broken }));
    const gradelanes = await import('gradelanes');
    const report = await gradelanes.gradeAnswersWithFallback(sampleAnswers(3), { provider: mockProvider() });
    expect(outcomes(report)).toEqual([1, 1, 1]);
  });
});
