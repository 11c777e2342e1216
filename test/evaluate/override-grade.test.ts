import { gradeOf } from './graded-answers.js';
import { describe, expect, test } from 'vitest';
import { gradeAnswer, gradeAnswersWithFallback, type GradingResult, type Question } from 'gradelanes';
import { calibrate, calibrationExamples, overrideGrade } from 'gradelanes/evaluate';
import { mockProvider } from 'gradelanes/testing';

const question: Question = { id: 'ice', prompt: 'Why does ice float?', scoreMaximum: 4, passingScaledScore: 0.7 };
const at = new Date('2026-03-01T10:00:00Z');

async function gradeWith(script: Parameters<typeof mockProvider>[0]): Promise<GradingResult> {
  return gradeAnswer(
    { id: 'a1', question, answer: 'It weighs less.' },
    { provider: mockProvider(script), retry: false },
  );
}

describe('overrideGrade', () => {
  test('puts a person’s points in place and keeps the original beside them', async () => {
    const original = await gradeWith({ score: 0.25, feedback: 'Too short.', confidence: 0.9 });
    const copy = structuredClone(original);
    const override = { question, scoreGiven: 3, reason: 'means the same', reviewer: 'Ms Okafor', at };
    expect(overrideGrade(original, override)).toEqual({
      status: 'overridden',
      ...{ index: 0, questionId: 'ice', answerId: 'a1' },
      ...{ scoreGiven: 3, scoreMaximum: 4, scaledScore: 0.75, isCorrect: true, suggestedRating: 2 },
      ...{ feedback: 'Too short.', reason: 'means the same', reviewer: 'Ms Okafor' },
      overriddenAt: '2026-03-01T10:00:00.000Z',
      original: copy,
    });
    expect(original).toEqual(copy);
  });

  test('replaces feedback where it is given', async () => {
    const original = await gradeWith({ score: 0.25, feedback: 'Too short.' });
    expect(overrideGrade(original, { question, scoreGiven: 4, feedback: 'Right.' }).feedback).toBe('Right.');
  });

  test('passes where the question does', async () => {
    const original = await gradeWith(1);
    expect(overrideGrade(original, { question, scoreGiven: 2.7 }).isCorrect).toBe(false);
    expect(overrideGrade(original, { question, scoreGiven: 2.8 }).isCorrect).toBe(true);
  });

  test('grades an answer that no grader could grade', async () => {
    const failed = await gradeWith(new Error('down'));
    expect(failed.status).toBe('failed');
    const grade = overrideGrade(failed, { question, scoreGiven: 4 });
    expect(grade).toMatchObject({ scaledScore: 1, original: { status: 'failed' } });
    expect(grade).not.toHaveProperty('feedback');
  });

  test('overrides an override, and forgets neither', async () => {
    const first = overrideGrade(await gradeWith(0.25), { question, scoreGiven: 3, reviewer: 'A' });
    const second = overrideGrade(first, { question, scoreGiven: 4, reviewer: 'B' });
    expect(second).toMatchObject({ scoreGiven: 4, original: { scoreGiven: 3, original: { scoreGiven: 1 } } });
    expect(JSON.parse(JSON.stringify(second))).toEqual(second);
  });

  test.each([-1, 4.5, Number.NaN])('refuses %d points of 4', async (scoreGiven) => {
    const original = await gradeWith(1);
    const message = `scoreGiven must be a number from 0 to 4: received ${scoreGiven}`;
    expect(() => overrideGrade(original, { question, scoreGiven })).toThrow(message);
  });
});

describe('calibrationExamples', () => {
  test('sets a person’s last word beside the grader’s first, and leaves out what was never graded', async () => {
    const graded = await gradeWith({ score: 0.25, confidence: 0.9 });
    const once = overrideGrade(graded, { question, scoreGiven: 3 });
    const twice = overrideGrade(once, { question, scoreGiven: 4 });
    const failed = overrideGrade(await gradeWith(new Error('down')), { question, scoreGiven: 4 });
    const unsure = overrideGrade(await gradeWith(0.5), { question, scoreGiven: 2 });
    expect(calibrationExamples([once, twice, failed, unsure])).toEqual([
      { expected: 0.75, actual: 0.25, confidence: 0.9 },
      { expected: 1, actual: 0.25, confidence: 0.9 },
      { expected: 0.5, actual: 0.5 },
    ]);
  });

  test('teaches calibrate where a strict grader should have passed', async () => {
    const answers = Array.from({ length: 30 }, (_, index) => ({ question, answer: `answer ${index}` }));
    const script = answers.map((_, index) => ({ score: index % 2 === 0 ? 0.3 : 0.1, confidence: 0.8 }));
    const { results } = await gradeAnswersWithFallback(answers, {
      provider: mockProvider(script),
      mode: 'sequential',
      guards: false,
    });
    const overrides = results.map((result, index) =>
      overrideGrade(result, { question, scoreGiven: index % 2 === 0 ? 4 : 0 }),
    );
    const calibration = calibrate(calibrationExamples(overrides), { passingScaledScore: 0.7 });
    expect(calibration.cutScore).toBeCloseTo(0.1 + 0.7 * 0.2, 9);
    expect(calibration.confidencePoints).toEqual([{ confidence: 0.8, shareCorrect: 1 }]);
  });
});

test('overrideGrade refuses points that are no number, as a form field is', () => {
  const result = gradeOf({});
  for (const scoreGiven of ['1', null, true, Number.NaN] as unknown as number[]) {
    expect(() => overrideGrade(result, { question, scoreGiven })).toThrow('scoreGiven must be a number from 0 to 4');
  }
});
