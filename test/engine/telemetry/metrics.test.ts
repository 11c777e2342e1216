import { beforeEach, describe, expect, test } from 'vitest';
import {
  gradeAnswersConcurrently,
  gradeAnswersWithFallback,
  isGradingAborted,
  ProviderError,
  type GradingItem,
  type GradingOptions,
  type GradingProvider,
} from 'gradelanes';
import {
  expectEveryAnswerOnce,
  faultyProvider,
  manualClock,
  mockProvider,
  type ManualClock,
  type MockProvider,
} from 'gradelanes/testing';
import { positionOf, question, sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, retry: false, random: () => 0.5 } as const;
const fault = (): ProviderError => new ProviderError('network', 'connection reset');

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

async function metricsOf(count: number, provider: GradingOptions['provider'], options: Partial<GradingOptions> = {}) {
  const answers = sampleAnswers(count);
  const running = gradeAnswersWithFallback(answers, { ...plain, provider, clock, ...options });
  const report = await clock.runUntil(running);
  expectEveryAnswerOnce(report, answers);
  return report.metrics;
}

/** How long each call of a double took, by its own record. */
function durationsOf({ calls }: MockProvider): number[] {
  return calls.map(({ startedAt, endedAt }) => (endedAt ?? Number.NaN) - startedAt);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** Each answer takes its own time: 10, 20, 30, ... ms. */
const delayMs = ([item]: readonly GradingItem[]): number => (item === undefined ? 0 : 10 * (positionOf(item) + 1));

describe('what was measured', () => {
  test('is in parallel mode what the provider saw', async () => {
    const provider = mockProvider(1, { delayMs, clock });
    const metrics = await metricsOf(7, provider, { maxConcurrentTasks: 3 });
    const durations = durationsOf(provider);
    expect(metrics).toEqual({
      // By hand: 0, 1, 2 start at 0; 3, 4, 5 follow them at 10, 20, 30; 6 follows 3 at 50.
      totalProcessingTimeMs: 120,
      parallelTasksSpawned: 7,
      concurrentExecutionCount: 3,
      averageTaskDurationMs: sum(durations) / 7,
      processingModeUsed: 'parallel',
      fallbackReason: undefined,
      requestedMode: 'auto',
      selectedMode: 'parallel',
      fallbacks: [],
      estimatedSequentialTimeMs: 280,
      timeSavedMs: 160,
      speedup: 280 / 120,
      gradedCount: 7,
      failedCount: 0,
      needsReviewCount: 0,
      localCount: 0,
      cachedCount: 0,
      coalescedCount: 0,
      requests: 7,
      retries: 0,
      hedges: { sent: 0, won: 0 },
      rateLimited: 0,
      pausedMs: 0,
      latencyMs: { p50: 40, p95: 70, p99: 70, max: 70 },
      // Waited for a slot: 0, 0, 0, 10, 20, 30, 50.
      queueMs: { p50: 10, p95: 50, max: 50 },
      timeToFirstResultMs: 10,
      limitHistory: [],
      usage: undefined,
      leaked: 0,
    });
    expect(sum(durations)).toBe(280);
    expect(provider.peakInFlight).toBe(3);
  });

  test('is in batch mode the call, counted once', async () => {
    const provider = mockProvider(1, { delayMs: 100, clock });
    const metrics = await metricsOf(8, provider, { mode: 'batch', batchSize: 4, maxConcurrentTasks: 1 });
    expect(metrics).toMatchObject({
      totalProcessingTimeMs: 200,
      parallelTasksSpawned: 0,
      concurrentExecutionCount: 1,
      averageTaskDurationMs: 100,
      estimatedSequentialTimeMs: 200,
      timeSavedMs: 0,
      speedup: 1,
      requests: 2,
      timeToFirstResultMs: 100,
    });
  });

  test('is in sequential mode the sum', async () => {
    const metrics = await metricsOf(3, mockProvider(1, { delayMs, clock }), { mode: 'sequential' });
    expect(metrics).toMatchObject({
      totalProcessingTimeMs: 60,
      parallelTasksSpawned: 0,
      concurrentExecutionCount: 1,
      averageTaskDurationMs: 20,
      estimatedSequentialTimeMs: 60,
      speedup: 1,
    });
  });

  test('counts every call, but faults never raise the estimated sequential time', async () => {
    const provider = mockProvider((item, { attempt }) => (positionOf(item) < 2 && attempt === 1 ? fault() : 1), {
      delayMs: 10,
      clock,
    });
    const metrics = await metricsOf(4, provider, { retry: { maxAttempts: 2, baseDelayMs: 40 } });
    expect(metrics).toMatchObject({
      requests: 6,
      retries: 2,
      parallelTasksSpawned: 6,
      totalProcessingTimeMs: 40,
      estimatedSequentialTimeMs: 40,
      averageTaskDurationMs: 10,
    });
  });

  test('counts a call without any usable verdict as a call, not as sequential time', async () => {
    const provider = mockProvider((_, { attempt }) => (attempt === 1 ? { malformed: 'no JSON' } : 1), {
      delayMs: 10,
      clock,
    });
    expect(await metricsOf(2, provider, { mode: 'batch' })).toMatchObject({
      requests: 3,
      retries: 2,
      // The batch gave nothing, the two re-asks a verdict each.
      estimatedSequentialTimeMs: 20,
    });
  });

  test('counts no first call to a provider as a repeated one, whoever was asked before', async () => {
    const wrongKey = mockProvider(new ProviderError('auth', 'wrong key'), { name: 'first', delayMs: 10, clock });
    const metrics = await metricsOf(5, [wrongKey, mockProvider(1, { name: 'second', delayMs: 10, clock })]);
    expect(metrics).toMatchObject({ gradedCount: 5, requests: 10, retries: 0 });
  });

  test('counts what a later mode sends again as repeated', async () => {
    const provider = mockProvider((_, { attempt }) => (attempt < 3 ? fault() : 1), { delayMs: 10, clock });
    const metrics = await metricsOf(3, provider, { retry: false, mode: 'auto' });
    expect(metrics).toMatchObject({ processingModeUsed: 'sequential_fallback', requests: 7, retries: 4 });
  });

  test('counts calls to a local provider like all others', async () => {
    const local = mockProvider(1, { delayMs: 10, clock, capabilities: { local: true } });
    expect(await metricsOf(3, local)).toMatchObject({
      requests: 3,
      parallelTasksSpawned: 3,
      averageTaskDurationMs: 10,
      latencyMs: { p50: 10 },
    });
  });

  test('counts a batch that graded only one of its answers once, and the re-ask too', async () => {
    const script = (item: GradingItem, { attempt }: { attempt: number }) =>
      positionOf(item) === 1 && attempt === 1 ? { malformed: 'no JSON' } : 1;
    const provider = mockProvider(script, { delayMs: 10, clock });
    expect(await metricsOf(3, provider, { mode: 'batch' })).toMatchObject({
      requests: 2,
      estimatedSequentialTimeMs: 20,
      totalProcessingTimeMs: 20,
    });
  });

  test('is the time in calls and the rest, for every answer', async () => {
    const provider = mockProvider((item, { attempt }) => (positionOf(item) === 1 && attempt < 3 ? fault() : 1), {
      delayMs: 10,
      clock,
    });
    const running = gradeAnswersConcurrently(sampleAnswers(3), {
      ...plain,
      provider,
      clock,
      retry: { maxAttempts: 3, baseDelayMs: 100 },
    });
    const { results } = await clock.runUntil(running);
    // Answer 1: 10 ms in a call, 50 ms back-off, 10 ms, 100 ms back-off, 10 ms.
    expect(results.map(({ attempts, durationMs, queuedMs }) => [attempts, durationMs, queuedMs])).toEqual([
      [1, 10, 0],
      [3, 30, 150],
      [1, 10, 0],
    ]);
  });

  test('sums the tokens of all calls, in all modes and of all providers', async () => {
    let tokens = 1;
    const spending = (name: string, isDown: boolean): GradingProvider => ({
      name,
      grade: async (items, call) => {
        call.report({ usage: { inputTokens: tokens, outputTokens: 1, reasoningTokens: 2 } });
        tokens *= 2;
        if (isDown) throw fault();
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    });
    const metrics = await metricsOf(3, [spending('down', true), spending('up', false)], { mode: 'batch' });
    // One batch and three single calls of the first, one batch of the second.
    expect(metrics.usage).toEqual({ inputTokens: 1 + 2 + 4 + 8 + 16, outputTokens: 5, reasoningTokens: 10 });
  });

  test('is the mode in which a call was really made', async () => {
    const down = mockProvider(() => new ProviderError('auth', 'wrong key'));
    expect(await metricsOf(3, down)).toMatchObject({ processingModeUsed: 'parallel', gradedCount: 0, failedCount: 3 });
  });

  test('counts calls left behind', async () => {
    const provider = faultyProvider(mockProvider(1, { delayMs: 10, clock }), ['ignores_abort'], { clock });
    expect(await metricsOf(2, provider, { mode: 'parallel', attemptTimeoutMs: 50, abortGraceMs: 50 })).toMatchObject({
      leaked: 1,
      // The one left behind is asked again in sequential mode.
      requests: 3,
      averageTaskDurationMs: (100 + 10 + 10) / 3,
      estimatedSequentialTimeMs: 20,
    });
  });

  test('of a run that was aborted is complete too', async () => {
    const provider = mockProvider(1, { delayMs, clock });
    const running = gradeAnswersConcurrently(sampleAnswers(3), {
      ...plain,
      provider,
      clock,
      signal: abortedAt(25),
    });
    const error = await clock.runUntil(running.catch((thrown: unknown) => thrown));
    expect(isGradingAborted(error) && error.report.metrics).toMatchObject({
      totalProcessingTimeMs: 25,
      requests: 3,
      gradedCount: 2,
      failedCount: 1,
      estimatedSequentialTimeMs: 30,
      averageTaskDurationMs: (10 + 20 + 25) / 3,
    });
  });

  function abortedAt(ms: number): AbortSignal {
    const abort = new AbortController();
    clock.setTimeout(() => abort.abort(), ms);
    return abort.signal;
  }
});

describe('what was not measured', () => {
  const unmeasured = [
    'averageTaskDurationMs',
    'processingModeUsed',
    'estimatedSequentialTimeMs',
    'timeSavedMs',
    'speedup',
    'latencyMs',
    'usage',
    'cost',
  ] as const;

  test('is undefined when no model was asked', async () => {
    const answers = sampleAnswers(2, () => ({ question, answer: '' }));
    const { metrics } = await gradeAnswersWithFallback(answers, { provider: mockProvider(), clock });
    for (const name of unmeasured) expect(metrics[name], name).toBeUndefined();
    expect(metrics).toMatchObject({ requests: 0, localCount: 2, concurrentExecutionCount: 0, parallelTasksSpawned: 0 });
  });

  test('is undefined for no answers', async () => {
    const metrics = await metricsOf(0, mockProvider());
    for (const name of [...unmeasured, 'queueMs', 'timeToFirstResultMs'] as const) {
      expect(metrics[name], name).toBeUndefined();
    }
  });

  test('is undefined where every call failed, but the calls were measured', async () => {
    const metrics = await metricsOf(1, mockProvider(fault(), { delayMs: 10, clock }));
    expect(metrics).toMatchObject({ averageTaskDurationMs: 10, latencyMs: { p50: 10 } });
    for (const name of ['estimatedSequentialTimeMs', 'timeSavedMs', 'speedup'] as const) {
      expect(metrics[name], name).toBeUndefined();
    }
  });

  test('is undefined for the speed-up where no time passed', async () => {
    expect((await metricsOf(3, mockProvider())).speedup).toBeUndefined();
  });

  test('is never NaN, and a call that took no time is measured', async () => {
    const metrics = await metricsOf(3, mockProvider());
    expect(metrics).toMatchObject({ averageTaskDurationMs: 0, estimatedSequentialTimeMs: 0, timeSavedMs: 0 });
    expect(JSON.stringify(metrics, (_, value: unknown) => (Number.isNaN(value) ? 'NaN' : value))).not.toContain('NaN');
  });
});

test('quantiles are the smallest measured value that enough values do not exceed', async () => {
  const provider = mockProvider(1, { delayMs, clock });
  const metrics = await metricsOf(100, provider, { mode: 'sequential' });
  expect(metrics.latencyMs).toEqual({ p50: 500, p95: 950, p99: 990, max: 1_000 });
});
