import { fc, test } from '@fast-check/vitest';
import {
  ProviderError,
  gradeAnswersWithFallback,
  type AnswerToGrade,
  type FailedAnswer,
  type GradedAnswer,
  type GradingReport,
  type ParallelProcessingMetrics,
} from 'gradelanes';
import { expectEveryAnswerOnce, faultyProvider, manualClock, mockProvider, seededRandom } from 'gradelanes/testing';
import { beforeAll, describe, expect } from 'vitest';

const rubric = {
  criteria: [
    { id: 'a', description: 'less dense', points: 2 },
    { id: 'b', description: 'expands' },
  ],
};
const answers: readonly AnswerToGrade[] = [
  { id: 'a0', question: { id: 'q0', prompt: 'Why does ice float?', rubric }, answer: 'less dense' },
  { id: 'a1', question: { id: 'q1', prompt: 'Why is it slippery?', passingScaledScore: 0.9 }, answer: 'water film' },
  { id: 'a2', question: { id: 'q2', prompt: 'Why is it blue?' }, answer: 'absorption' },
];
const provider = mockProvider({
  byQuestion: {
    q0: {
      criteria: [
        { id: 'a', score: 0.5 },
        { id: 'b', score: 1 },
      ],
      confidence: 0.8,
    },
    q1: 0.8,
    q2: new ProviderError('refused', 'declined'),
  },
});

let report: GradingReport;

beforeAll(async () => {
  report = await gradeAnswersWithFallback(answers, { provider });
});

const graded = (change: Partial<GradedAnswer> | Record<string, unknown>): GradingReport => withResult(0, change);
const failed = (change: Partial<FailedAnswer> | Record<string, unknown>): GradingReport => withResult(2, change);
const withResult = (position: number, change: object): GradingReport => ({
  ...report,
  results: report.results.map((result, index) => (index === position ? { ...result, ...change } : result)),
});
const failedWith = (change: object): GradingReport =>
  failed({ error: { code: 'refused', message: 'declined', scope: 'item', retryable: false, ...change } });
const withResultOf = (first: object | null): unknown => ({
  ...report,
  results: report.results.map((result, index) => (index === 0 ? first && { ...result, ...first } : result)),
});
const criterionOf = (id: string, scoreGiven: number, scoreMaximum: number): object => ({
  id,
  scoreGiven,
  scoreMaximum,
});
const metrics = (change: Partial<ParallelProcessingMetrics>): GradingReport => ({
  ...report,
  metrics: { ...report.metrics, ...change },
});
const messageOf = (broken: GradingReport): string => {
  try {
    expectEveryAnswerOnce(broken, answers);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'nothing was found';
};

describe('expectEveryAnswerOnce', () => {
  test('accepts what the engine returns', () => {
    expect(report.results.map(({ status }) => status)).toEqual(['graded', 'graded', 'failed']);
    expect(expectEveryAnswerOnce(report, answers)).toBeUndefined();
    expect(expectEveryAnswerOnce({ ...report }, [...answers])).toBeUndefined();
  });

  test.prop([fc.integer(), fc.integer({ min: 0, max: 12 })], { numRuns: 25 })(
    'accepts every report of every bad day',
    async (seed, count) => {
      const clock = manualClock();
      const many = Array.from({ length: count }, (_, index) => ({
        question: { id: `q${index % 2}`, prompt: 'Why?' },
        answer: `because ${index}`,
      }));
      const days = faultyProvider(
        mockProvider(0.7, { clock, delayMs: 800 }),
        {
          seed,
          rate: 0.6,
          faults: ['rate_limited', 'hang', 'malformed', 'missing_id', 'throws_null', 'refused', 'server'],
        },
        { clock },
      );
      const options = { provider: days, clock, random: seededRandom(seed), deadlineMs: 300_000 };
      const badDay = await clock.runUntil(gradeAnswersWithFallback(many, options));
      expect(expectEveryAnswerOnce(badDay, many)).toBeUndefined();
    },
  );

  test('names every broken promise with its place', () => {
    expect(messageOf(graded({ index: 1, scaledScore: 0.9 }))).toBe(
      [
        'The report breaks 2 promise(s):',
        '- results[0].index must be its position: received 1',
        '- results[0].scaledScore must be 2 / 3: received 0.9',
      ].join('\n'),
    );
  });

  test('a result is missing or one too many', () => {
    expect(messageOf({ ...report, results: report.results.slice(0, 2) })).toContain(
      'there are 2 results for 3 answers\n- results[2] is missing',
    );
    expect(messageOf({ ...report, results: [...report.results, ...report.results.slice(2)] })).toContain(
      'there are 4 results for 3 answers',
    );
  });

  test.each([
    [{ questionId: 'q9' }, "questionId must be the question's id"],
    [{ answerId: undefined }, "answerId must be the answer's id"],
    [{ attempts: 1.5 }, 'attempts must be a count'],
    [{ durationMs: -1 }, 'durationMs must be 0 or more'],
    [{ queuedMs: Number.NaN }, 'queuedMs must be 0 or more'],
    [{ scoreGiven: 4 }, 'scoreGiven must be from 0 to 3'],
    [{ scoreGiven: 1 }, 'scoreGiven must be 2, as its criteria'],
    [{ scaledScore: 1.2 }, 'scaledScore must be from 0 to 1'],
    [{ isCorrect: false }, 'isCorrect must be 0.666667 >= 0.5'],
    [{ suggestedRating: 1 }, 'suggestedRating must be 2 or 3 if correct, else 1'],
    [{ suggestedRating: 4 }, 'suggestedRating must be 2 or 3 if correct, else 1'],
    [{ needsReview: true }, 'needsReview must be true with reasons'],
    [{ confidence: 80 }, 'confidence must be from 0 to 1'],
    [{ criteria: [{ id: 'a', scoreGiven: 2, scoreMaximum: 1 }] }, 'criteria[0].scoreGiven must be part of 1'],
  ])('a grade with %j is found', (change, problem) => {
    expect(messageOf(graded(change))).toContain(problem);
  });

  test('a failure with a score is found', () => {
    expect(messageOf(failed({ scoreGiven: 0, isCorrect: false }))).toContain(
      'results[2].scoreGiven: a failure has no score\n- results[2].isCorrect: a failure has no score',
    );
  });

  test.each([
    [{ code: '' }, 'error.code must be one of rate_limited'],
    [{ message: '' }, 'error.message must be a sentence'],
    [{ retryAt: 'soon' }, 'error.retryAt must be a date'],
  ])('a failure with %j is found', (change, problem) => {
    const error = { code: 'refused', message: 'declined', scope: 'item', retryable: false, ...change };
    expect(messageOf(failed({ error }))).toContain(problem);
  });

  test.each([
    [{ gradedCount: 3 }, 'metrics.gradedCount must be 2, as the results say: received 3'],
    [{ failedCount: 0 }, 'metrics.failedCount must be 1'],
    [{ needsReviewCount: 1 }, 'metrics.needsReviewCount must be 0'],
    [{ localCount: 1 }, 'metrics.localCount must be 0'],
    [{ cachedCount: 1 }, 'metrics.cachedCount must be 0'],
    [{ requests: -1 }, 'metrics.requests must be a count'],
    [{ retries: 50 }, 'metrics.retries must be part of'],
    [{ processingModeUsed: undefined }, 'metrics.processingModeUsed must be a mode'],
    [{ fallbacks: [], processingModeUsed: 'batch_fallback' as const }, 'metrics.fallbacks must be steps to the mode'],
    [
      {
        fallbackReason: undefined,
        fallbacks: [
          { kind: 'mode' as const, from: 'a', to: 'b', code: 'timeout' as const, reason: 'slow', answerCount: 1 },
        ],
      },
      'metrics.fallbackReason must be a sentence',
    ],
    [{ timeToFirstResultMs: 1e9 }, 'metrics.timeToFirstResultMs must be part of'],
    [{ timeSavedMs: 1e9 }, 'metrics.timeSavedMs must be'],
    [{ latencyMs: { p50: 5, p95: 4, p99: 6, max: 7 } }, 'metrics.latencyMs must be rising'],
    [{ queueMs: { p50: 5, p95: 6, max: 1 } }, 'metrics.queueMs must be rising'],
    [{ usage: { inputTokens: 5, outputTokens: 0 } }, 'metrics.usage must be 0 inputTokens, as the results say'],
  ])('metrics with %j are found', (change, problem) => {
    expect(messageOf(metrics(change))).toContain(problem);
  });

  test('usage need not add up where calls were hedged or left behind', () => {
    const change = { usage: { inputTokens: 5, outputTokens: 0 }, hedges: { sent: 1, won: 0 } };
    expect(messageOf(metrics({ ...change, requests: 9 }))).toBe('nothing was found');
  });

  test('what JSON cannot hold is found, wherever it is', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const found = messageOf(
      graded({
        usage: { inputTokens: Infinity },
        flags: new Set(['x']),
        rationale: () => '',
        rule: new Date(0),
        mode: circular,
      }),
    );
    expect(found).toContain('report.results.0.usage.inputTokens must be plain JSON data: received Infinity');
    expect(found).toContain('report.results.0.flags must be plain JSON data: received [object Set]');
    expect(found).toContain('report.results.0.rationale must be plain JSON data: received [object Function]');
    expect(found).toContain('report.results.0.rule must be plain JSON data: received [object Date]');
    expect(found).toContain('report.results.0.mode.self must be plain JSON data');
  });

  test('objects without a prototype are plain data', () => {
    const usage = Object.assign(Object.create(null) as object, { inputTokens: 0, outputTokens: 0 });
    expect(messageOf(graded({ usage }))).toBe('nothing was found');
  });

  test('a long list of problems is cut', () => {
    const message = messageOf({
      ...report,
      results: report.results.map(() => ({ ...report.results[0], index: 9, attempts: -1 })),
    } as GradingReport);
    expect(message).toMatch(/^The report breaks 1\d promise\(s\):\n/);
    expect(message.split('\n')).toHaveLength(11);
  });

  test.each([
    ['no criteria', () => graded({ criteria: [] }), 'criteria must be those of the rubric, a, b: received none'],
    [
      'a renamed criterion',
      () => graded({ criteria: [criterionOf('a', 1, 2), criterionOf('z', 1, 1)] }),
      'received a, z',
    ],
    [
      'another maximum',
      () => graded({ scoreMaximum: 4, scaledScore: 0.5 }),
      'scoreMaximum must be 3, as the question says',
    ],
    ['an unknown grader', () => graded({ gradedBy: 'oracle' }), 'gradedBy must be rule, exact, llm, offline'],
    ['no provider', () => graded({ provider: undefined }), 'provider must be the name of who graded'],
    ['no reasons', () => graded({ reviewReasons: undefined }), 'reviewReasons must be a list'],
    [
      'an unknown status',
      () => withResultOf({ status: 'done' }),
      'status must be "graded" or "failed": received "done"',
    ],
    ['an unknown code', () => failedWith({ code: 'oops' }), 'error.code must be one of'],
    ['an unknown scope', () => failedWith({ scope: 'world' }), 'error.scope must be item, call or provider'],
    ['no error', () => failed({ error: undefined }), 'error is missing'],
    ['a hole', () => withResultOf(null), 'results[0] is missing'],
    ['no metrics', () => ({ ...report, metrics: undefined }), 'must have results, a list, and metrics'],
    ['no results', () => ({ ...report, results: undefined }), 'must have results, a list, and metrics'],
  ] as const)('%s is found, in a sentence', (_, broken, problem) => {
    const made: unknown = typeof broken === 'function' ? broken() : broken;
    expect(messageOf(made as GradingReport)).toContain(problem);
  });
});
