import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { createGrader, isGradingAborted, ProviderError, type GradingProvider } from 'gradelanes';
import {
  accuracy,
  bootstrapInterval,
  cohenKappa,
  evaluateGrader,
  macroF1,
  meanAbsoluteError,
  pearson,
  quadraticWeightedKappa,
  rootMeanSquaredError,
  type Agreement,
  type EvaluateGraderOptions,
  type Figure,
  type LabelPair,
  type MarkedAnswer,
  type Metric,
  type ScorePair,
} from 'gradelanes/evaluate';

const question = { id: 'ice', prompt: 'Why does ice float?' };
const few = { samples: 20 };

/** Gives each answer the score that it names: "0.75", "0.75 sure 0.9" or "fails". */
const reader: GradingProvider = {
  name: 'reader',
  grade: async (items) =>
    items.map(({ id, answer }) => {
      if (answer === 'fails') throw new ProviderError('refused', 'declined');
      const [score, , confidence] = answer.split(' ');
      return { id, score: Number(score), ...(confidence !== undefined && { confidence: Number(confidence) }) };
    }),
};

function marked(answer: string, ...humanScores: [number, ...number[]]): MarkedAnswer {
  return { question, answer, humanScores };
}

describe('evaluateGrader', () => {
  test('gives every figure of five answers as worked out by hand', async () => {
    const dataset = [marked('1', 1), marked('0', 1), marked('0.5', 0.5), marked('0', 0), marked('0.5', 0)];
    const { agreement, confusion, ...rest } = await evaluateGrader(reader, dataset, { bootstrap: few });
    // Differences 0, 1, 0, 0, -0.5. Means 0.5 and 0.4; sums of squares 1 and 0.7; of products 0.25.
    expect(valuesOf(agreement)).toEqual({
      quadraticWeightedKappa: expect.closeTo((2 * 0.25) / (1 + 0.7 + 5 * 0.01), 9),
      pearson: expect.closeTo(0.25 / Math.sqrt(0.7), 9),
      rootMeanSquaredError: expect.closeTo(0.5, 9),
      meanAbsoluteError: expect.closeTo(0.3, 9),
      // Passes: person 3 of 5, grader 3 of 5, both 2, neither 1. By chance (9 + 4) / 25.
      accuracy: expect.closeTo(0.6, 9),
      cohenKappa: expect.closeTo((0.6 - 0.52) / 0.48, 9),
      macroF1: expect.closeTo((4 / 6 + 2 / 4) / 2, 9),
    });
    expect(confusion).toEqual({
      levels: [0, 0.5, 1],
      counts: [
        [1, 1, 0],
        [0, 1, 0],
        [1, 0, 1],
      ],
    });
    expect(rest).toMatchObject({ answerCount: 5, gradedCount: 5, failedCount: 0 });
    expect(rest).not.toHaveProperty('besideHumans');
    expect(rest).not.toHaveProperty('reliability');
  });

  test('puts people’s agreement with each other beside the grader’s, on the same answers', async () => {
    const dataset = [marked('1', 1, 1), marked('0', 1, 0), marked('0', 0, 0), marked('1', 0), marked('fails', 1, 1)];
    const { agreement, besideHumans } = await evaluateGrader(reader, dataset, { bootstrap: few });
    expect(agreement).toMatchObject({ count: 4, accuracy: { value: 0.5 } });
    expect(besideHumans?.humans).toMatchObject({ count: 3, accuracy: { value: expect.closeTo(2 / 3, 9) } });
    expect(besideHumans?.grader).toMatchObject({ count: 3, accuracy: { value: expect.closeTo(2 / 3, 9) } });
  });

  test('counts failures and grades for review apart, and leaves failures out of every figure', async () => {
    const dataset = [marked('1 sure 0.9', 1), marked('1 sure 0.1', 0), marked('fails', 0), marked('0 sure 0.2', 0)];
    const evaluation = await evaluateGrader(reader, dataset, { bootstrap: few });
    expect(evaluation).toMatchObject({
      ...{ answerCount: 4, gradedCount: 3, failedCount: 1, needsReviewCount: 2 },
      failures: [{ code: 'refused', count: 1 }],
      reviewReasons: [{ reason: 'low_confidence', count: 2 }],
      agreement: { count: 3, accuracy: { value: expect.closeTo(2 / 3, 9) } },
      // One answer has no interval: it does not vary.
      withoutReview: { count: 1, accuracy: { value: 1, interval: undefined } },
    });
    expect(evaluation.results.map(({ status }) => status)).toEqual(['graded', 'graded', 'failed', 'graded']);
    expect(evaluation.metrics.requests).toBe(4);
  });

  test('says what confidence is worth', async () => {
    const dataset = [marked('1 sure 0.75', 1), marked('1 sure 0.75', 0), marked('1', 0)];
    const { reliability } = await evaluateGrader(reader, dataset, { bins: 2, bootstrap: few });
    expect(reliability).toMatchObject({
      count: 2,
      bins: [{ count: 0 }, { from: 0.5, to: 1, count: 2, meanConfidence: 0.75, shareCorrect: 0.5 }],
      expectedCalibrationError: { value: 0.25 },
    });
  });

  test('lists the worst disagreements first, the surest before others as far off', async () => {
    const dataset = [
      marked('0.5', 1),
      marked('0 sure 0.3', 1),
      { ...marked('1 sure 0.8', 0), id: 'a3', learnerId: 'amina' },
      marked('1', 1),
    ];
    const { worst } = await evaluateGrader(reader, dataset, { worstCount: 2, bootstrap: few });
    expect(worst).toEqual([
      {
        ...{ index: 2, questionId: 'ice', answerId: 'a3', answer: '1 sure 0.8' },
        ...{ expected: 0, actual: 1, expectedPasses: false, actualPasses: true, confidence: 0.8, needsReview: false },
      },
      {
        ...{ index: 1, questionId: 'ice', answer: '0 sure 0.3' },
        ...{ expected: 1, actual: 0, expectedPasses: true, actualPasses: false, confidence: 0.3, needsReview: true },
      },
    ]);
    expect((await evaluateGrader(reader, dataset, { bootstrap: few })).worst.length).toBe(3);
  });

  test('passes an answer where its question does', async () => {
    const dataset = [{ ...marked('0.6', 0.9), question: { ...question, passingScaledScore: 0.8 } }];
    const { agreement } = await evaluateGrader(reader, dataset, { bootstrap: few });
    expect(agreement.accuracy.value).toBe(0);
  });

  test('puts more than six different marks, or those of the given levels, on a scale', async () => {
    const dataset = Array.from({ length: 11 }, (_, index) => marked(String(index / 10), index / 10));
    const scale = async (levels?: readonly number[]): Promise<readonly number[]> =>
      (await evaluateGrader(reader, dataset, { levels, bootstrap: few })).confusion.levels;
    expect(await scale()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(await scale([1, 0, 0.5])).toEqual([0, 0.5, 1]);
    const { confusion } = await evaluateGrader(reader, dataset, { levels: [0, 1], bootstrap: few });
    // 0.5 is as close to both, and goes up.
    expect(confusion.counts).toEqual([
      [5, 0],
      [0, 6],
    ]);
  });

  test('hands the grading options on, and shows no provider a person’s mark', async () => {
    let seen = '';
    const spy: GradingProvider = {
      grade: async (items) => {
        seen += JSON.stringify(items);
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const { metrics } = await evaluateGrader(spy, [marked('yes', 0.123), marked('', 0.123)], {
      grading: { mode: 'sequential', localGrading: false, context: 'a card' },
      bootstrap: few,
    });
    expect(metrics).toMatchObject({ processingModeUsed: 'sequential', requests: 2 });
    expect(seen).toContain('a card');
    expect(seen).not.toContain('0.123');
  });

  test('takes a grader of createGrader, and a chain', async () => {
    const grader = createGrader({ provider: reader, instructions: 'kind' });
    expect((await evaluateGrader(grader, [marked('1', 1)], { bootstrap: few })).agreement.accuracy.value).toBe(1);
    await grader.close();
    const broken: GradingProvider = { name: 'broken', grade: () => Promise.reject(new ProviderError('auth', 'no')) };
    expect((await evaluateGrader([broken, reader], [marked('1', 1)], { bootstrap: few })).gradedCount).toBe(1);
  });

  test('gives the same figures for the same grades and seed, as plain data', async () => {
    const dataset = Array.from({ length: 30 }, (_, index) => marked(String((index % 4) / 4), (index % 5) / 4));
    const figures = async (seed: number): Promise<Agreement> =>
      (await evaluateGrader(reader, dataset, { bootstrap: { seed } })).agreement;
    expect(await figures(3)).toEqual(await figures(3));
    expect(await figures(4)).not.toEqual(await figures(3));
    const evaluation = await evaluateGrader(reader, dataset, { bootstrap: few });
    expect(JSON.stringify(JSON.parse(JSON.stringify(evaluation)))).toBe(JSON.stringify(evaluation));
  });

  test('is undefined, never NaN, without answers', async () => {
    const evaluation = await evaluateGrader(reader, []);
    expect(Object.values(valuesOf(evaluation.agreement)).every((value) => value === undefined)).toBe(true);
    expect(evaluation).toMatchObject({ answerCount: 0, gradedCount: 0, worst: [], confusion: { levels: [0, 1] } });
  });

  test('counts failed answers in the verdicts, and against the grader where asked', async () => {
    const dataset = [marked('1', 1), marked('1', 0), marked('fails', 1), marked('fails', 0)];
    const apart = await evaluateGrader(reader, dataset, { bootstrap: few });
    expect(apart.verdicts).toMatchObject({ count: 4, agreed: 1, disagreed: 1, failed: 2, share: 0.25 });
    expect(apart.verdicts.disagreements).toMatchObject([{ index: 1, answer: '1', expectedPasses: false }]);
    expect(apart.agreement).toMatchObject({ count: 2, accuracy: { value: 0.5 } });
    const against = await evaluateGrader(reader, dataset, { bootstrap: few, failedAnswers: 'against' });
    // Errors 0, 1, 1, 1.
    expect(against.agreement).toMatchObject({
      count: 4,
      accuracy: { value: 0.25 },
      meanAbsoluteError: { value: 0.75 },
    });
    expect(apart.warnings.join()).toContain('2 of 4 answers were not graded');
    expect(against.warnings.join()).not.toContain('not graded');
  });

  test('gives Wilson’s interval for verdicts: 8 of 8 is 0.68 to 1, not 1 to 1', async () => {
    const dataset = Array.from({ length: 8 }, (_, index) => marked(`1 ${index}`, 1));
    const { verdicts, agreement } = await evaluateGrader(reader, dataset, { bootstrap: few });
    expect(verdicts.interval?.lower).toBeCloseTo(0.6756, 4);
    expect(verdicts.interval?.upper).toBe(1);
    expect(agreement.accuracy.interval).toMatchObject({ lower: 1, upper: 1 });
  });

  test('draws whole questions, whose answers stand and fall together, and says when there are few', async () => {
    const dataset = Array.from({ length: 200 }, (_, index) => ({
      ...marked(index % 10 < 8 ? '1' : '0', 1),
      question: { id: `q${index % 10}`, prompt: 'Why?' },
    }));
    const options = { bootstrap: { samples: 300 }, grading: { guards: false } } as const;
    const byQuestion = await evaluateGrader(reader, dataset, options);
    const byAnswer = await evaluateGrader(reader, dataset, { ...options, bootstrap: { samples: 300, by: 'answer' } });
    const width = ({ interval }: Figure): number => (interval?.upper ?? 0) - (interval?.lower ?? 0);
    expect(width(byQuestion.agreement.accuracy)).toBeGreaterThan(3 * width(byAnswer.agreement.accuracy));
    expect(byQuestion).toMatchObject({ questionCount: 10, warnings: [] });
    expect(byAnswer.warnings.join()).toContain('independent');
    const nine = dataset.filter(({ question: { id } }) => id !== 'q0');
    expect((await evaluateGrader(reader, nine, options)).warnings.join()).toContain('Only 9 questions');
    // Nobody agrees on two questions: as two answers of ten would be.
    expect(byQuestion.verdicts.interval?.lower).toBeLessThan(0.5);
  });

  test('gives the figures of each question', async () => {
    const other = { id: 'salt', prompt: 'Why salt?' };
    const dataset = [marked('1', 0.5), marked('fails', 1), { ...marked('0.25', 0), question: other }];
    const { questions } = await evaluateGrader(reader, dataset, { bootstrap: few });
    expect(questions).toMatchObject([
      { question: 'ice', count: 2, agreed: 1, failed: 1, share: 0.5, bias: 0.5, meanAbsoluteError: 0.5 },
      { question: 'salt', count: 1, agreed: 1, failed: 0, share: 1, bias: 0.25, meanAbsoluteError: 0.25 },
    ]);
  });

  test('compares criterion by criterion as worked out by hand, and lists what was misgraded', async () => {
    const rubric = {
      criteria: [
        { id: 'cause', description: 'names the cause', points: 2 },
        { id: 'slips', description: 'spelling slips', points: -1 },
      ],
    };
    const shares = [1, 1, 0.5, 0, 1];
    const byCriterion: GradingProvider = {
      grade: async (items) =>
        items.map(({ id, answer }) => {
          const score = shares[Number(answer)] ?? 0;
          return {
            id,
            criteria: [
              { id: 'cause', score, comment: 'so' },
              { id: 'slips', score: 0 },
            ],
          };
        }),
    };
    const human = [2, 1, 1, 2, 2];
    const dataset = human.map((cause, index): MarkedAnswer => ({
      ...{ question: { ...question, rubric }, answer: String(index), humanScores: [cause / 2] },
      humanCriteria: index === 0 ? { cause, slips: -1 } : { cause },
    }));
    const { criteria } = await evaluateGrader(byCriterion, dataset, { bootstrap: few });
    const [cause, slips] = criteria;
    // The grader gave 2, 2, 1, 0, 2: differences 0, 1, 0, -2, 0 of 2 points.
    expect(cause).toMatchObject({ id: 'cause', description: 'names the cause', count: 5 });
    expect(cause).toMatchObject({ tooKindCount: 1, tooHarshCount: 1, agreement: { value: 0.6 } });
    expect(cause?.bias.value).toBeCloseTo(-0.1, 9);
    // Means 1.6 and 1.4 points; squares 1.2 and 3.2, products 0.8.
    expect(cause?.kappa.value).toBeCloseTo((2 * -0.2) / (1.2 + 3.2 + 5 * 0.04), 9);
    expect(cause?.agreement.interval).toBeDefined();
    expect(cause?.misgraded).toMatchObject([
      { index: 3, answer: '3', expected: 2, given: { id: 'cause', scoreGiven: 0, comment: 'so' } },
      { index: 1, answer: '1', expected: 1, given: { scoreGiven: 2 } },
    ]);
    // A penalty that was not given is too kind.
    expect(slips).toMatchObject({ count: 1, tooKindCount: 1, bias: { value: 1, interval: undefined } });
  });

  test.each([
    [{ cause: 3 }, 'dataset[0].humanCriteria.cause must be points from 0 to 2: received 3'],
    [{ casue: 1 }, 'dataset[0].humanCriteria.casue must be a criterion of the rubric'],
  ])('refuses points that a criterion cannot give: %j', async (humanCriteria, message) => {
    const rubric = { criteria: [{ id: 'cause', description: 'names the cause', points: 2 }] };
    const dataset = [{ ...marked('1', 1), question: { ...question, rubric }, humanCriteria }];
    // Against the types, as JavaScript can.
    await expect(evaluateGrader(reader, dataset as MarkedAnswer[])).rejects.toThrow(message);
  });

  test('rejects as the run does when it is aborted', async () => {
    const aborted = evaluateGrader(reader, [marked('1', 1)], { grading: { signal: AbortSignal.abort() } });
    await expect(aborted).rejects.toSatisfy(isGradingAborted);
  });

  test.each([
    [[marked('1', 1.5)], {}, 'dataset[0].humanScores[0] must be a score from 0 to 1: received 1.5'],
    [[marked('1', 1, Number.NaN)], {}, 'dataset[0].humanScores[1] must be a score from 0 to 1: received NaN'],
    [[{ question, answer: '1', humanScores: [] }], {}, 'dataset[0].humanScores must be a list'],
    [{}, {}, 'dataset must be an array'],
    [[], { levels: [0.5] }, 'levels must be two or more scores from 0 to 1'],
    [[], { levels: [0, 2] }, 'levels must be two or more scores from 0 to 1'],
    [[], { bins: 0 }, 'bins must be an integer of at least 1'],
    [[], { worstCount: -1 }, 'worstCount must be an integer of at least 0'],
    [[], { failedAnswers: 'never' }, 'failedAnswers must be one of apart, against: received never'],
    [[], { bootstrap: { by: 'learner' } }, 'bootstrap.by must be one of question, answer'],
    [[], { bootstrap: { samples: 0 } }, 'samples must be an integer of at least 1'],
  ])('refuses misuse before any call: %j %j', async (dataset, options, message) => {
    // Against the types, as JavaScript can.
    await expect(evaluateGrader(reader, dataset as MarkedAnswer[], options as EvaluateGraderOptions)).rejects.toThrow(
      message,
    );
  });

  const level = fc.integer({ min: 0, max: 4 }).map((quarter) => quarter / 4);
  const grades = fc.array(fc.record({ expected: level, actual: level }), { minLength: 5, maxLength: 25 });
  test.prop([grades, fc.integer({ min: 1, max: 9 })], { numRuns: 25 })(
    'gives the figures and intervals of the functions of their names',
    async (pairs, seed) => {
      const bootstrap = { samples: 15, seed };
      const dataset = pairs.map(({ expected, actual }) => marked(String(actual), expected));
      const options = { bootstrap, levels: [0, 0.25, 0.5, 0.75, 1], grading: { guards: false } };
      const { agreement } = await evaluateGrader(reader, dataset, options);
      const labels = pairs.map(({ expected, actual }) => ({ expected: expected >= 0.5, actual: actual >= 0.5 }));
      const byScore: Readonly<Record<string, Metric<ScorePair>>> = {
        ...{ quadraticWeightedKappa, pearson, rootMeanSquaredError, meanAbsoluteError },
      };
      const byLabel: Readonly<Record<string, Metric<LabelPair>>> = { accuracy, cohenKappa, macroF1 };
      const expected = {
        ...figuresBy(byScore, pairs, bootstrap),
        ...figuresBy(byLabel, labels, bootstrap),
      };
      expect({ ...agreement }).toEqual({ count: pairs.length, ...expected });
    },
  );
});

test('evaluateGrader takes 10,000 answers that two people marked', async () => {
  const dataset = Array.from({ length: 10_000 }, (_, index) =>
    marked(String((index % 5) / 4), (index % 3) / 2, (index % 4) / 3),
  );
  const options = { grading: { guards: false }, bootstrap: { samples: 50 } };
  const { agreement, besideHumans } = await evaluateGrader(reader, dataset, options);
  expect(agreement.count).toBe(10_000);
  expect(besideHumans?.humans.count).toBe(10_000);
});

function valuesOf(agreement: Agreement): Record<string, number | undefined> {
  const { count: _, ...figures } = agreement;
  return Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, figure.value]));
}

function figuresBy<Pair>(
  metrics: Readonly<Record<string, Metric<Pair>>>,
  pairs: readonly Pair[],
  bootstrap: { samples: number; seed: number },
): Record<string, Figure> {
  const entries = Object.entries(metrics).map(([name, metric]): [string, Figure] => {
    const interval = bootstrapInterval(metric, pairs, bootstrap);
    const close = interval && {
      ...interval,
      lower: expect.closeTo(interval.lower, 9) as number,
      upper: expect.closeTo(interval.upper, 9) as number,
    };
    const value = metric(pairs);
    return [name, { value: value === undefined ? undefined : (expect.closeTo(value, 9) as number), interval: close }];
  });
  return Object.fromEntries(entries);
}
