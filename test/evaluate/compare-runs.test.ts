import { describe, expect, test } from 'vitest';
import { type GradingReport, type GradingResult, ProviderError, gradeAnswersWithFallback } from 'gradelanes';
import { compareRuns, evaluateGrader, type HumanMark, type MarkedAnswer } from 'gradelanes/evaluate';
import { seededRandom } from 'gradelanes/testing';
import { signFlipChance } from '../../src/evaluate/statistics/sign-flip.js';
import { gradeOf } from './graded-answers.js';

/** Verdicts as results: `1` passes, `0` fails, `-` has no grade. */
function run(verdicts: string): { results: readonly GradingResult[] } {
  return {
    results: [...verdicts].map((verdict, index): GradingResult => {
      if (verdict !== '-') return gradeOf({ index, scaledScore: Number(verdict), isCorrect: verdict === '1' });
      const error = { code: 'network', message: 'gone', scope: 'call', retryable: true } as const;
      return { status: 'failed', index, error, attempts: 1, durationMs: 1, queuedMs: 0 };
    }),
  };
}

function marks(verdicts: string, questions = verdicts.length): readonly HumanMark[] {
  return [...verdicts].map((verdict, index) => ({
    ...{ index, question: `q${index % questions}`, expected: Number(verdict), expectedPasses: verdict === '1' },
  }));
}

describe('compareRuns', () => {
  test('equal runs give no flips', () => {
    const comparison = compareRuns(run('1010'), run('1010'), { marks: marks('1111') });
    expect(comparison).toMatchObject({ verdict: 'same', shiftedCount: 0, flips: { toPass: 0, toFail: 0, list: [] } });
    expect(comparison.agreement).toMatchObject({ mended: 0, broken: 0, chance: 1, difference: { value: 0 } });
  });

  test('lists flips by direction, and whether they are right', () => {
    const { flips, ...rest } = compareRuns(run('10-01'), run('011-0'), { marks: marks('11101') });
    expect(flips).toMatchObject({ toPass: 1, toFail: 2 });
    expect(flips.list).toMatchObject([
      { index: 0, before: 1, after: 0, afterPasses: false, isRight: false },
      { index: 1, afterPasses: true, isRight: true },
      { index: 4, afterPasses: false, isRight: false },
    ]);
    expect(rest).toMatchObject({ answerCount: 5, comparedCount: 3, failedBefore: 1, failedAfter: 1, shiftedCount: 3 });
  });

  test('is McNemar’s exact test where each answer has a question of its own', () => {
    // 8 mended, 1 broken: 2 * (1 + 9) / 2 ** 9.
    const comparison = compareRuns(run('000000001'), run('111111110'), { marks: marks('111111111') });
    expect(comparison.agreement?.chance).toBeCloseTo(20 / 512, 12);
    expect(comparison).toMatchObject({ verdict: 'better', agreement: { mended: 8, broken: 1 } });
    expect(compareRuns(run('111111110'), run('000000001'), { marks: marks('111111111') }).verdict).toBe('worse');
  });

  test('weighs whole questions: nine mended answers of one question are one piece of luck', () => {
    const options = { marks: marks('111111111', 1) };
    const comparison = compareRuns(run('000000000'), run('111111111'), options);
    expect(comparison).toMatchObject({ verdict: 'not_to_be_told', agreement: { chance: 1 } });
    expect(comparison.message).toMatch(/^Not to be told yet: 9 verdicts now agree/);
  });

  test('needs people’s marks to tell better from worse', () => {
    expect(compareRuns(run('01'), run('11'))).toMatchObject({ verdict: 'unmarked' });
  });

  test('says on which criteria points moved, also where they are worth others now', () => {
    const graded = (points: readonly number[], maximum: number): { results: readonly GradingResult[] } => ({
      results: points.map((scoreGiven, index) =>
        gradeOf({ index, criteria: [{ id: 'cause', scoreGiven, scoreMaximum: maximum }] }),
      ),
    });
    expect(compareRuns(graded([1, 2, 0], 2), graded([2, 2, 4], 4)).criteria).toEqual([
      { id: 'cause', raised: 1, lowered: 1, indexes: [1, 2] },
    ]);
  });

  test('takes evaluations with their marks and metrics, and reports with a dataset', async () => {
    const question = { prompt: 'Why does ice float?' };
    const dataset: readonly MarkedAnswer[] = [{ question, answer: 'a', humanScores: [1] }];
    const by = (score: number) => ({
      grade: async (items: readonly { id: string }[]) => items.map(({ id }) => ({ id, score })),
    });
    const [before, after] = [await evaluateGrader(by(0), dataset), await evaluateGrader(by(1), dataset)];
    const comparison = compareRuns(before, after);
    expect(comparison).toMatchObject({ agreement: { before: 0, after: 1, errorBefore: 1, errorAfter: 0 } });
    expect(comparison.before?.requests).toBe(1);
    const report: GradingReport = await gradeAnswersWithFallback(dataset, { provider: by(1) });
    expect(compareRuns(report, report, { marks: dataset }).agreement?.after).toBe(1);
    expect(JSON.parse(JSON.stringify(comparison))).toMatchObject({ verdict: 'not_to_be_told' });
  });

  test('refuses runs over other answers', () => {
    expect(() => compareRuns(run('10'), run('1'))).toThrow('after must be over the 2 answers of before: received 1');
    const other = { results: [gradeOf({ questionId: 'other' })] };
    expect(() => compareRuns(run('1'), other)).toThrow('after.results[0] must be of the answer that before has there');
  });

  test('finds a change of 5 points on 400 answers in at least 80 % of runs, at no more than 5 % false alarms', () => {
    const random = seededRandom(5);
    const human = marks('1'.repeat(400), 40);
    const found = { better: 0, worse: 0 };
    const alarms = { better: 0, worse: 0 };
    for (let round = 0; round < 100; round += 1) {
      const before = Array.from({ length: 400 }, () => (random() < 0.8 ? '1' : '0')).join('');
      // One in forty flips for no reason; a quarter of the wrong verdicts is mended: 5 points.
      const shuffled = [...before].map((each) => (random() < 0.025 ? (each === '1' ? '0' : '1') : each)).join('');
      const mended = [...shuffled].map((each) => (each === '0' && random() < 0.25 ? '1' : each)).join('');
      const options = { marks: human, bootstrap: { samples: 20 } };
      const change = compareRuns(run(before), run(mended), options).verdict;
      if (change === 'better' || change === 'worse') found[change] += 1;
      // Luck alone: one in forty each way, as many up as down.
      const luck = [...before].map((each) => (random() < 0.02 ? '1' : random() < 0.02 ? '0' : each)).join('');
      const base = [...before].map((each) => (random() < 0.02 ? '1' : random() < 0.02 ? '0' : each)).join('');
      const none = compareRuns(run(base), run(luck), options).verdict;
      if (none === 'better' || none === 'worse') alarms[none] += 1;
    }
    expect(found.better).toBeGreaterThanOrEqual(80);
    expect(found.worse).toBe(0);
    expect(alarms.better + alarms.worse).toBeLessThanOrEqual(5);
  });
});

describe('signFlipChance', () => {
  test('counts whole numbers as worked out by hand, and draws others to the same', () => {
    // Of +-1 +-2 +-3 two of eight sums are as far from 0 as 6.
    expect(signFlipChance([1, 2, 3], 1)).toBeCloseTo(0.25, 12);
    expect(signFlipChance([0.1, 0.2, 0.3], 1)).toBeCloseTo(0.25, 1);
    expect(signFlipChance([0, 0], 1)).toBe(1);
  });
});

test('a provider that fails is counted, not compared', async () => {
  const question = { prompt: 'Why does ice float?' };
  const dataset: readonly MarkedAnswer[] = [{ question, answer: 'a', humanScores: [1] }];
  const down = { grade: () => Promise.reject(new ProviderError('auth', 'no key')) };
  const up = { grade: async (items: readonly { id: string }[]) => items.map(({ id }) => ({ id, score: 1 })) };
  const comparison = compareRuns(await evaluateGrader(up, dataset), await evaluateGrader(down, dataset));
  expect(comparison).toMatchObject({ failedAfter: 1, comparedCount: 0, verdict: 'same' });
});
