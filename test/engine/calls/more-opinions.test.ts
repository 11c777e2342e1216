import { beforeEach, describe, expect, test } from 'vitest';
import {
  createConcurrencyController,
  createGrader,
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  gradeAnswersWithFallback,
  isGradingAborted,
  ProviderError,
  type GradedAnswer,
  type GradingOptions,
  type GradingProvider,
  type GradingReport,
  type GradingResult,
} from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';
import { expectEveryAnswerOnce, manualClock, mockLLM, mockProvider, type ManualClock } from 'gradelanes/testing';
import { sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, guards: false, retry: false, random: () => 0.5 } as const;
/** One level above the passing score. */
const NEAR = { score: 0.6, confidence: 0.9 };
const tokens = { inputTokens: 100, outputTokens: 10 };

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

async function run(count: number, options: Partial<GradingOptions> & Pick<GradingOptions, 'provider'>) {
  const answers = sampleAnswers(count);
  const report = await clock.runUntil(gradeAnswersConcurrently(answers, { ...plain, clock, ...options }));
  expectEveryAnswerOnce(report, answers);
  return report;
}

function only({ results }: GradingReport): GradedAnswer {
  return graded(results[0]);
}

function graded(result: GradingResult | undefined): GradedAnswer {
  if (result?.status !== 'graded') throw new Error(`not graded: ${JSON.stringify(result)}`);
  return result;
}

describe('second opinions', () => {
  test('are off by default', async () => {
    const provider = mockProvider([NEAR]);
    for (const samples of [undefined, 1, { count: 1 }]) {
      const result = only(await run(1, { provider: mockProvider([NEAR]), samples }));
      expect(result).toMatchObject({ scaledScore: 0.6, confidence: 0.9, attempts: 1 });
      expect(result).not.toHaveProperty('opinions');
    }
    expect(provider.calls).toEqual([]);
  });

  test('are not asked on a grade beyond doubt', async () => {
    const provider = mockProvider([{ score: 1, confidence: 0.9 }, { score: 0 }, { score: 0.2, confidence: 0.7 }]);
    const report = await run(3, { provider, samples: 3 });
    expect(report.metrics).toMatchObject({ requests: 3, retries: 0 });
    expect(report.results.map((result) => graded(result).opinions)).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    ['near the passing score', NEAR],
    ['of little confidence', { score: 1, confidence: 0.5 }],
  ])('are asked on a grade %s, until most of them agree', async (_, first) => {
    const provider = mockProvider([first, { score: 0.8, confidence: 0.9 }]);
    const report = await run(1, { provider, samples: 3 });
    expect(provider.calls).toHaveLength(2);
    expect(only(report)).toMatchObject({ attempts: 2, isCorrect: true, needsReview: false });
    expect(only(report).opinions).toEqual([
      { scaledScore: first.score, confidence: first.confidence, provider: 'mock' },
      { scaledScore: 0.8, confidence: 0.9, provider: 'mock' },
    ]);
  });

  test('go on while they differ, and a difference that stays is for a person', async () => {
    const provider = mockProvider([{ ...NEAR, feedback: 'Nearly.' }, 0.4, { score: 0.6, feedback: 'Not quite.' }]);
    const report = await run(1, { provider, samples: 3 });
    expect(only(report)).toMatchObject({
      scaledScore: 0.6,
      isCorrect: true,
      confidence: 0.75,
      feedback: 'Nearly.',
      needsReview: true,
      reviewReasons: ['opinions_differ'],
      attempts: 3,
    });
    expect(report.metrics).toMatchObject({ requests: 3, retries: 0, needsReviewCount: 1 });
  });

  test('lift a confidence that was too low to go without a person', async () => {
    const provider = mockProvider([
      { score: 1, confidence: 0.4 },
      { score: 1, confidence: 0.8 },
    ]);
    const report = await run(1, { provider, samples: 2, guards: true });
    expect(only(report)).toMatchObject({ confidence: 0.68, needsReview: false });
  });

  test('are asked where the offline grader contradicts a sure model', async () => {
    const stranger = { score: 1, confidence: 0.95 };
    const provider = mockProvider([stranger, stranger, stranger]);
    const answers = [
      {
        question: { prompt: 'Why does ice float?', referenceAnswers: ['It is less dense.'] },
        answer: 'xyzzy plugh quux',
      },
    ];
    const report = await gradeAnswersWithFallback(answers, { ...plain, guards: true, provider, samples: 3 });
    expect(provider.calls).toHaveLength(2);
    expect(graded(report.results[0])).toMatchObject({ confidence: 0.6, reviewReasons: ['offline_disagreement'] });
  });

  test('are judged with the limits that the caller sets', async () => {
    const sure = { score: 1, confidence: 0.95 };
    const all = mockProvider([sure, sure]);
    await run(1, { provider: all, samples: { count: 2, belowConfidence: 1 } });
    expect(all.calls).toHaveLength(2);
    const none = mockProvider([NEAR]);
    await run(1, { provider: none, samples: { count: 2, nearPassingScore: 0.05 } });
    expect(none.calls).toHaveLength(1);
  });

  test('never share a call with each other or with other answers, also in batch mode', async () => {
    const provider = mockProvider(NEAR, { repeatLast: true });
    const answers = sampleAnswers(4);
    const report = await clock.runUntil(
      gradeAnswersInBatch(answers, { ...plain, clock, provider, samples: 3, batchSize: 4, retry: { budget: 1 } }),
    );
    expect(provider.calls.map(({ items }) => items.length)).toEqual([4, 1, 1, 1, 1]);
    expect(new Set(provider.calls.map(({ callId }) => callId)).size).toBe(5);
    expect(report.results.map((result) => graded(result).attempts)).toEqual([2, 2, 2, 2]);
  });

  test('of identical answers in flight are asked for once, on the one that leads', async () => {
    const provider = mockProvider(NEAR, { delayMs: 10, clock, repeatLast: true });
    const [answer] = sampleAnswers(1);
    const answers = answer === undefined ? [] : [answer, { ...answer }, { ...answer }];
    const report = await clock.runUntil(gradeAnswersConcurrently(answers, { ...plain, clock, provider, samples: 2 }));
    expect(provider.calls).toHaveLength(2);
    expect(report.results.map((result) => graded(result).opinions?.length)).toEqual([2, 2, 2]);
    expect(report.metrics.coalescedCount).toBe(2);
  });

  test('count in usage, attempts and time of their answer, and not as retries', async () => {
    const script = mockProvider([NEAR, NEAR], { delayMs: 100, clock });
    const provider: GradingProvider = {
      grade: (items, call) => {
        call.report({ usage: tokens });
        return script.grade(items, call);
      },
    };
    const report = await run(1, { provider, samples: 2 });
    expect(only(report)).toMatchObject({
      attempts: 2,
      durationMs: 200,
      usage: { inputTokens: 200, outputTokens: 20 },
    });
    expect(report.metrics).toMatchObject({
      requests: 2,
      retries: 0,
      usage: { inputTokens: 200, outputTokens: 20 },
      estimatedSequentialTimeMs: 100,
    });
  });

  test('come out of the budget for repeated calls, and what it does not buy is for a person', async () => {
    const provider = mockProvider(NEAR, { repeatLast: true });
    const report = await run(40, { provider, samples: 2, retry: { budget: 0 } });
    expect(provider.calls).toHaveLength(50);
    const missing = report.results.filter((result) => graded(result).reviewReasons.includes('second_opinion_missing'));
    expect(missing).toHaveLength(30);
    expect(report.metrics.gradedCount).toBe(40);
  });
});

describe('a further opinion that fails', () => {
  test.each([
    ['with a fault on its way', new ProviderError('server', 'down')],
    ['for the whole provider', new ProviderError('auth', 'no')],
    ['with an error of any kind', new TypeError('x')],
    ['because it is refused', { refused: true } as const],
    ['because it cannot be read', { malformed: 'no' }],
    ['with a score out of range', { score: 7 }],
  ])('%s never loses the grade that exists', async (_, fault) => {
    const report = await run(1, { provider: mockProvider([{ ...NEAR, feedback: 'Good.' }, fault]), samples: 2 });
    expect(only(report)).toMatchObject({
      scaledScore: 0.6,
      confidence: 0.9,
      feedback: 'Good.',
      attempts: 2,
      needsReview: true,
      reviewReasons: ['second_opinion_missing'],
    });
    expect(only(report)).not.toHaveProperty('opinions');
  });

  test('leaves room for the next one', async () => {
    const provider = mockProvider([NEAR, new ProviderError('network', 'reset'), NEAR]);
    const report = await run(1, { provider, samples: 3 });
    expect(only(report)).toMatchObject({ attempts: 3, needsReview: false });
    expect(only(report).opinions).toHaveLength(2);
  });

  test('because of a deadline keeps the first grade', async () => {
    const provider = mockProvider(NEAR, { delayMs: 60, clock, repeatLast: true });
    const report = await run(1, { provider, samples: 3, deadlineMs: 100 });
    expect(only(report)).toMatchObject({ scaledScore: 0.6, reviewReasons: ['second_opinion_missing'] });
    expect(report.metrics.totalProcessingTimeMs).toBeLessThan(200);
  });

  test('because of an abort keeps the first grade in the report', async () => {
    const provider = mockProvider(NEAR, { delayMs: 60, clock, repeatLast: true });
    const abort = new AbortController();
    clock.setTimeout(() => abort.abort(), 100);
    const error = await clock
      .runUntil(
        gradeAnswersConcurrently(sampleAnswers(1), { ...plain, clock, provider, samples: 3, signal: abort.signal }),
      )
      .catch((thrown: unknown) => thrown);
    if (!isGradingAborted(error)) throw error;
    expect(graded(error.report.results[0])).toMatchObject({ scaledScore: 0.6 });
  });

  test('because it hangs and ignores its signal keeps the first grade', async () => {
    const first = mockProvider([NEAR]);
    const deaf = { name: 'deaf', grade: () => new Promise<never>(() => {}) };
    const report = await run(1, { provider: first, samples: { judges: [deaf] }, attemptTimeoutMs: 500 });
    expect(only(report)).toMatchObject({ scaledScore: 0.6, reviewReasons: ['second_opinion_missing'] });
    expect(report.metrics.leaked).toBe(1);
  });
});

describe('judges', () => {
  test('are asked in turn, each at most once by default', async () => {
    const judges = [mockProvider([0.4], { name: 'strict' }), mockProvider([0.8], { name: 'kind' })];
    const report = await run(1, { provider: mockProvider([NEAR], { name: 'first' }), samples: { judges } });
    expect(only(report).opinions?.map(({ provider, scaledScore }) => [provider, scaledScore])).toEqual([
      ['first', 0.6],
      ['strict', 0.4],
      ['kind', 0.8],
    ]);
    expect(only(report)).toMatchObject({ scaledScore: 0.6, provider: 'first', reviewReasons: ['opinions_differ'] });
  });

  test('lend the grade their name where their words are used', async () => {
    const judge = mockLLM('{"results":[{"levels":[5],"feedback":"Right."}]}', { name: 'judge' });
    const provider = mockProvider([{ score: 0.6, feedback: 'Nearly.' }, { score: 1 }]);
    const samples = { judges: [judge, judge], count: 3 };
    const report = await run(1, { provider: mockProvider([{ score: 0.4, feedback: 'No.' }]), samples });
    expect(provider.calls).toHaveLength(0);
    expect(only(report)).toMatchObject({ scaledScore: 1, feedback: 'Right.', provider: 'judge', promptVersion: '2' });
  });

  test('of which one fails as a whole are not asked again', async () => {
    const judge = mockProvider(new ProviderError('auth', 'wrong key'), { name: 'judge', repeatLast: true });
    const report = await run(8, {
      provider: mockProvider(NEAR, { repeatLast: true }),
      samples: { judges: [judge] },
      maxConcurrentTasks: 1,
    });
    expect(judge.calls).toHaveLength(1);
    expect(report.metrics.gradedCount).toBe(8);
  });

  test('can stand behind the offline grader, which asks itself nothing', async () => {
    const question = { prompt: 'Why does ice float?', referenceAnswers: ['It is less dense than water.'] };
    const answers = [{ question, answer: 'less dense' }];
    const alone = await gradeAnswersWithFallback(answers, { ...plain, provider: offlineProvider(), samples: 3 });
    expect(alone.metrics.requests).toBe(1);
    const judge = mockProvider([1], { name: 'judge' });
    const samples = { judges: [judge], belowConfidence: 1 };
    const checked = await gradeAnswersWithFallback(answers, { ...plain, provider: offlineProvider(), samples });
    expect(graded(checked.results[0]).opinions?.map(({ provider }) => provider)).toEqual(['offline', 'judge']);
  });

  test('do not raise the number of calls in flight', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 10, clock });
    const provider = mockProvider(NEAR, { delayMs: 20, clock, repeatLast: true });
    const judge = mockProvider(NEAR, { name: 'judge', delayMs: 50, clock, repeatLast: true });
    const report = await run(30, {
      provider,
      samples: { judges: [judge] },
      retry: { budget: 1 },
      controller,
      maxConcurrentTasks: 3,
    });
    expect(judge.calls).toHaveLength(30);
    expect(report.metrics.concurrentExecutionCount).toBe(3);
  });
});

test('a grader with second opinions does not share grades with a run without', async () => {
  const provider = mockProvider(NEAR, { delayMs: 10, clock, repeatLast: true });
  const grader = createGrader({ ...plain, clock, provider });
  const answers = sampleAnswers(1);
  const both = Promise.all([
    grader.gradeAnswersConcurrently(answers),
    grader.gradeAnswersConcurrently(answers, { samples: 2 }),
  ]);
  await clock.runUntil(both);
  expect(provider.calls).toHaveLength(3);
});

test.each([
  [0, 'samples.count', 'must be an integer from 1 to 10'],
  [2.5, 'samples.count', 'must be an integer from 1 to 10'],
  ['3', 'samples', 'must be a number or an object'],
  [{ count: 11 }, 'samples.count', 'must be an integer from 1 to 10'],
  [{ judges: [{}] }, 'samples.judges', 'must be a list of providers'],
  [{ belowConfidence: 2 }, 'samples.belowConfidence', 'must be a number from 0 to 1'],
  [{ nearPassingScore: -1 }, 'samples.nearPassingScore', 'must be a number from 0 to 1'],
  [{ often: true }, 'samples.often', 'is not an option; there are count, judges, belowConfidence, nearPassingScore'],
])('samples: %j is refused', async (samples, field, rule) => {
  const options = { provider: mockProvider(), samples } as GradingOptions;
  await expect(gradeAnswersWithFallback([], options)).rejects.toMatchObject({ field, rule });
});
