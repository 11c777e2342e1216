import { describe, expect, test } from 'vitest';
import {
  createConcurrencyController,
  gradeAnswersWithFallback,
  ProviderError,
  type FailureCode,
  type GradingOptions,
  type GradingProvider,
  type GradingReport,
} from 'gradelanes';
import { expectEveryAnswerOnce, mockProvider, seededRandom } from 'gradelanes/testing';
import { delay } from '../../src/testing/time/waiting.js';
import { outcomes, sampleAnswers } from '../sample-answers.js';
import { eventClock, type EventClock } from './event-clock.js';
import { watchCalls } from './watch-calls.js';

const ANSWERS = 300;
const LATENCY_MS = 200;
const DOWN_FROM_MS = 500;

/** How a call fails while the provider is down, and after how many milliseconds. */
const faults: readonly (readonly [code: FailureCode, afterMs: number])[] = [
  ['network', 1],
  ['server', LATENCY_MS],
  ['overloaded', 20],
];
const limits = [1, 5, 10];

interface Outage {
  readonly code: FailureCode;
  readonly afterMs: number;
  readonly downMs: number;
}

function fallingProvider(clock: EventClock, { code, afterMs, downMs }: Outage): GradingProvider {
  const working = mockProvider(1, { clock, delayMs: LATENCY_MS });
  return {
    ...working,
    name: 'falling',
    grade: async (items, call) => {
      const isDown = clock.now() >= DOWN_FROM_MS && clock.now() < DOWN_FROM_MS + downMs;
      if (!isDown) return working.grade(items, call);
      await delay(afterMs, call.signal, clock);
      throw new ProviderError(code, 'down for a while');
    },
  };
}

async function gradeThrough(outage: Outage, limit: number, options: Partial<GradingOptions> = {}) {
  const clock = eventClock();
  const watch = watchCalls();
  const answers = sampleAnswers(ANSWERS);
  const report = await clock.runUntil(
    gradeAnswersWithFallback(answers, {
      provider: watch.watch(fallingProvider(clock, outage)),
      clock,
      random: seededRandom(limit),
      maxConcurrentTasks: limit,
      ...options,
    }),
  );
  expectEveryAnswerOnce(report, answers);
  expect(clock.pendingTimers).toBe(0);
  return { report, calls: watch.calls };
}

describe.each(limits)('an outage with %i calls at once', (limit) => {
  const rows = faults.flatMap(([code, afterMs]) => [30, 300, 3_000, 30_000].map((ms) => [ms, code, afterMs] as const));

  test.each(rows)('of %i ms (%s) costs no answer, and few calls', async (downMs, code, afterMs) => {
    const { report, calls } = await gradeThrough({ code, afterMs, downMs }, limit);
    expect(outcomes(report).filter((outcome) => outcome !== 1)).toEqual([]);
    expect(calls).toBeLessThanOrEqual(1.5 * ANSWERS + 10);
  });

  test.each(faults)(
    'that does not end (%s) is given up within a minute, and says when to come back',
    async (...row) => {
      const [code, afterMs] = row;
      const { report, calls } = await gradeThrough({ code, afterMs, downMs: Infinity }, limit);
      const graded = report.metrics.gradedCount;
      expect(calls).toBeLessThanOrEqual(1.5 * graded + 2 * limit + 10);
      expect(report.metrics.totalProcessingTimeMs).toBeLessThanOrEqual(60_000);
      const failed = report.results.filter((result) => result.status === 'failed');
      expect(failed).toHaveLength(ANSWERS - graded);
      const unasked = failed.filter(({ attempts }) => attempts === 0);
      expect(unasked.length).toBeGreaterThan(ANSWERS / 2);
      // Answers that were never asked name the fault that closed the circuit, too.
      for (const { error } of unasked) expect(error).toMatchObject({ code, retryAt: expect.any(String) });
    },
  );
});

describe('an outage is not waited for', () => {
  const outage = { code: 'server', afterMs: 1, downMs: 3_000 } as const;

  test('where another provider can go on', async () => {
    const clock = eventClock();
    const first = fallingProvider(clock, outage);
    const second = mockProvider(1, { name: 'second', clock, delayMs: LATENCY_MS });
    const answers = sampleAnswers(ANSWERS);
    const report = await clock.runUntil(gradeAnswersWithFallback(answers, { provider: [first, second], clock }));
    expect(report.metrics.gradedCount).toBe(ANSWERS);
    expect(second.calls.length).toBeGreaterThan(ANSWERS / 2);
  });

  test('where another provider can go on, though a run that has none waits before it', async () => {
    const clock = eventClock();
    const controller = createConcurrencyController({ maxConcurrentTasks: 5, clock });
    const first = fallingProvider(clock, { ...outage, downMs: Infinity });
    const second = mockProvider(1, { name: 'second', clock, delayMs: 1 });
    const grade = (count: number, provider: GradingOptions['provider']): Promise<GradingReport> => {
      const answers = sampleAnswers(count, (index) => ({ answer: `answer ${index} of ${count}` }));
      return gradeAnswersWithFallback(answers, { provider, controller, clock, random: () => 0.5 });
    };
    const [waiting, chained] = await clock.runUntil(Promise.all([grade(20, first), grade(40, [first, second])]));
    expect(waiting.metrics.totalProcessingTimeMs).toBeGreaterThan(30_000);
    expect(chained.metrics).toMatchObject({ gradedCount: 40 });
    expect(chained.metrics.totalProcessingTimeMs).toBeLessThan(5_000);
  });

  test.each<[string, Partial<GradingOptions>]>([
    ['with retry: false', { retry: false }],
    ['beyond the longest wait that is allowed', { retry: { maxRetryAfterMs: 1_000 } }],
    ['beyond the deadline', { deadlineMs: 4_000 }],
  ])('%s', async (_, options) => {
    const { report } = await gradeThrough(outage, 5, options);
    expect(report.metrics.failedCount).toBeGreaterThan(ANSWERS / 2);
    expect(report.metrics.totalProcessingTimeMs).toBeLessThan(3_000);
  });
});
