import { fc, test as property } from '@fast-check/vitest';
import { gradeAnswersWithFallback, type ParallelProcessingMetrics } from 'gradelanes';
import { mockProvider } from 'gradelanes/testing';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { FailedAnswer, GradedAnswer } from '../../src/contract/result.js';
import type {
  BatchAnswerRequest,
  FailedReview,
  GradedReview,
  ParallelAnswerRequest,
  ParallelApiResponse,
  ReviewedAnswer,
  ReviewProgress,
  SubmittedAnswer,
  WireMetrics,
  WireProgress,
  WireResult,
} from '../../src/wire/review-wire.js';
import { fromWireMetrics, fromWireResult, toWireMetrics, toWireResult } from '../../src/wire/translate.js';
import { sampleAnswers } from '../sample-answers.js';

const graded: GradedAnswer = {
  status: 'graded',
  index: 0,
  scoreGiven: 2,
  scoreMaximum: 3,
  scaledScore: 0.666667,
  isCorrect: true,
  feedback: 'And where?',
  rationale: 'teacher only',
  criteria: [{ id: 'why', scoreGiven: 2, scoreMaximum: 3, comment: 'teacher only' }],
  confidence: 0.4,
  suggestedRating: 2,
  gradedBy: 'llm',
  fromCache: false,
  needsReview: true,
  reviewReasons: ['teacher only'],
  flags: ['teacher only'],
  mode: 'parallel',
  provider: 'anthropic',
  requestId: 'teacher only',
  attempts: 1,
  durationMs: 80.5,
  queuedMs: 0,
};
const failed: FailedAnswer = {
  status: 'failed',
  index: 1,
  questionId: 'tokio',
  error: {
    code: 'rate_limited',
    message: 'too many requests',
    scope: 'call',
    retryable: true,
    retryAt: '2026-01-01T00:00:05.000Z',
    requestId: 'internal',
    causes: [{ code: 'network', message: 'internal', scope: 'call', retryable: true }],
  },
  attempts: 3,
  durationMs: 10,
  queuedMs: 5,
};

describe('toWireResult()', () => {
  test('writes a grade in snake_case, without what is for teachers', () => {
    const wire: WireResult = toWireResult(graded, 4);
    expect(wire).toStrictEqual({
      question_index: 4,
      question_id: '5',
      status: 'graded',
      is_correct: true,
      score_given: 2,
      score_maximum: 3,
      scaled_score: 0.666667,
      feedback: 'And where?',
      criteria: [{ id: 'why', score_given: 2, score_maximum: 3 }],
      suggested_rating: 2,
      graded_by: 'llm',
      from_cache: false,
      needs_review: true,
      mode: 'parallel',
      provider: 'anthropic',
      attempts: 1,
      duration_ms: 80.5,
      queued_ms: 0,
    });
    expect(JSON.stringify(wire)).not.toContain('teacher only');
  });

  test('writes a failure with a code, and null for right or wrong', () => {
    const wire = toWireResult(failed, 1);
    expect(wire).toStrictEqual({
      question_index: 1,
      question_id: 'tokio',
      status: 'failed',
      is_correct: null,
      error: {
        code: 'rate_limited',
        message: 'too many requests',
        retryable: true,
        retry_at: '2026-01-01T00:00:05.000Z',
      },
      attempts: 3,
      duration_ms: 10,
      queued_ms: 5,
    });
  });
});

describe('fromWireResult()', () => {
  test('gives back a grade as it was, as far as it was shown', () => {
    const {
      rationale: _,
      flags: __,
      reviewReasons: ___,
      requestId: ____,
      index: _____,
      confidence: ______,
      ...shown
    } = graded;
    const review: GradedReview = {
      ...shown,
      questionIndex: 0,
      questionId: '1',
      criteria: [{ id: 'why', scoreGiven: 2, scoreMaximum: 3 }],
    };
    expect(fromWireResult(overTheWire(toWireResult(graded, 0)))).toStrictEqual(review);
  });

  test('gives back a failure that has no right or wrong at all', () => {
    const error: FailedReview['error'] = {
      code: 'rate_limited',
      message: 'too many requests',
      retryable: true,
      retryAt: '2026-01-01T00:00:05.000Z',
    };
    const review: FailedReview = {
      status: 'failed',
      questionIndex: 1,
      questionId: 'tokio',
      error,
      attempts: 3,
      durationMs: 10,
      queuedMs: 5,
    };
    expect(fromWireResult(overTheWire(toWireResult(failed, 1)))).toStrictEqual(review);
  });

  test('takes no name from the wire for the prototype', () => {
    // What a hostile server might send; the type is that of a result.
    const hostile = JSON.parse('{"status":"graded","__proto__":{"is_correct":true}}') as WireResult;
    expect(Object.getPrototypeOf(fromWireResult(hostile))).toBe(Object.prototype);
  });
});

describe('metrics', () => {
  test('travel with null for what was not measured, and come back without it', async () => {
    const { metrics } = await gradeAnswersWithFallback([], { provider: mockProvider(1) });
    const wire: WireMetrics = overTheWire(toWireMetrics(metrics));
    expect(wire).toMatchObject({ parallel_tasks_spawned: 0, average_task_duration_ms: null, fallback_reason: null });
    expect(fromWireMetrics(wire)).toEqual(metrics);
  });

  test('in camelCase are taken as they are', async () => {
    const { metrics } = await gradeAnswersWithFallback(sampleAnswers(3), { provider: mockProvider(1) });
    expect(fromWireMetrics(metrics)).toEqual(fromWireMetrics(toWireMetrics(metrics)));
  });

  property.prop([
    fc.record<Partial<ParallelProcessingMetrics>>({
      averageTaskDurationMs: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
      latencyMs: fc.option(fc.record({ p50: fc.nat(), p95: fc.nat(), p99: fc.nat(), max: fc.nat() }), {
        nil: undefined,
      }),
      limitHistory: fc.array(
        fc.record({ provider: fc.string(), atMs: fc.nat(), from: fc.nat(), to: fc.nat(), reason: fc.string() }),
      ),
    }),
  ])('of any values survive the way there and back', async (measured) => {
    const { metrics } = await gradeAnswersWithFallback([], { provider: mockProvider(1) });
    const all = { ...metrics, ...measured };
    expect(fromWireMetrics(toWireMetrics(all))).toEqual(all);
  });
});

describe('the seed application', () => {
  test('finds its request and its reply in the types', () => {
    const request: ParallelAnswerRequest = {
      answers: [{ question_index: 0, answer: '...' }],
      processing_mode: 'parallel',
      max_concurrent_tasks: 5,
    };
    expectTypeOf(request).toExtend<BatchAnswerRequest>();
    expectTypeOf<BatchAnswerRequest['answers']>().toEqualTypeOf<readonly SubmittedAnswer[]>();
    expectTypeOf<ParallelApiResponse['data']>().toEqualTypeOf<readonly WireResult[]>();
    expectTypeOf<WireProgress['result']>().toEqualTypeOf<WireResult>();
    expectTypeOf<ReviewProgress['result']>().toEqualTypeOf<ReviewedAnswer>();
    expectTypeOf<WireMetrics['fallback_reason']>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<WireMetrics['average_task_duration_ms']>().toEqualTypeOf<number | null>();
    expectTypeOf<WireResult['is_correct']>().toEqualTypeOf<boolean | null>();
    expect(Object.keys(request)).toEqual(['answers', 'processing_mode', 'max_concurrent_tasks']);
  });
});

function overTheWire<T>(value: T): T {
  // JSON in, JSON out: the type stays.
  return JSON.parse(JSON.stringify(value)) as T;
}
