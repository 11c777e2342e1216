import { describe, expect, test } from 'vitest';
import { gradeAnswersWithFallback } from 'gradelanes';
import { expectEveryAnswerOnce, faultyProvider, mockProvider, seededRandom, type Fault } from 'gradelanes/testing';
import { outcomes, sampleAnswers } from '../sample-answers.js';
import { eventClock } from './event-clock.js';
import { watchCalls } from './watch-calls.js';

const ANSWERS = 300;
const LATENCY_MS = 200;
const DEADLINE_MS = 120_000;

const outages: readonly (readonly [name: string, fault: Fault])[] = [
  ['refuses connections', { fault: 'network' }],
  ['answers 500', { fault: 'server' }],
  ['answers 529', { fault: 'overloaded' }],
  ['answers 503 with a hint', { fault: 'overloaded', retryAfterMs: 2_000 }],
  ['never answers', { fault: 'hang' }],
];
const limits = [1, 5, 10];
const rows = outages.flatMap(([name, fault]) => limits.map((limit) => [name, limit, fault] as const));

describe.each(rows)('a provider that %s, with %i calls at once', (_, limit, fault) => {
  async function grade(withSecond: boolean) {
    const clock = eventClock();
    const watch = watchCalls();
    const working = mockProvider(1, { name: 'second', clock, delayMs: LATENCY_MS });
    const plan = Array.from({ length: 5_000 }, () => fault);
    const first = watch.watch(faultyProvider(mockProvider(1, { name: 'first' }), plan, { clock }));
    const answers = sampleAnswers(ANSWERS);
    const report = await clock.runUntil(
      gradeAnswersWithFallback(answers, {
        provider: withSecond ? [first, working] : first,
        clock,
        random: seededRandom(limit),
        maxConcurrentTasks: limit,
        ...(!withSecond && { deadlineMs: DEADLINE_MS }),
      }),
    );
    expectEveryAnswerOnce(report, answers);
    return { report, calls: watch.calls };
  }

  test('is given up within the deadline, after at most 2 x limit + 10 calls', async () => {
    const { report, calls } = await grade(false);
    expect(report.metrics.gradedCount).toBe(0);
    expect(report.metrics.totalProcessingTimeMs).toBeLessThanOrEqual(DEADLINE_MS);
    expect(calls).toBeLessThanOrEqual(2 * limit + 10);
  });

  test('leaves all answers to the second provider', async () => {
    const { report, calls } = await grade(true);
    expect(new Set(outcomes(report))).toEqual(new Set([1]));
    expect(new Set(report.results.map((result) => result.status === 'graded' && result.provider))).toEqual(
      new Set(['second']),
    );
    expect(calls).toBeLessThanOrEqual(2 * limit + 10);
  });
});
