import type { ParallelProcessingMetrics } from 'gradelanes';
import { describe, expect, test } from 'vitest';
import { mergeMetrics } from '../../src/client/merge-metrics.js';

const metrics: ParallelProcessingMetrics = {
  totalProcessingTimeMs: 100,
  parallelTasksSpawned: 0,
  concurrentExecutionCount: 1,
  averageTaskDurationMs: 80,
  processingModeUsed: 'sequential',
  fallbackReason: undefined,
  requestedMode: 'auto',
  selectedMode: 'sequential',
  fallbacks: [],
  estimatedSequentialTimeMs: 80,
  timeSavedMs: -20,
  speedup: 0.8,
  gradedCount: 1,
  failedCount: 0,
  needsReviewCount: 0,
  localCount: 0,
  cachedCount: 0,
  coalescedCount: 0,
  requests: 1,
  retries: 0,
  hedges: { sent: 0, won: 0 },
  rateLimited: 0,
  pausedMs: 0,
  latencyMs: { p50: 80, p95: 80, p99: 80, max: 80 },
  queueMs: { p50: 0, p95: 0, max: 0 },
  timeToFirstResultMs: 90,
  limitHistory: [],
  usage: { inputTokens: 10, outputTokens: 2 },
  leaked: 0,
};

describe('mergeMetrics()', () => {
  test('sums what adds up, takes peaks, and weighs means by their calls', () => {
    const second: ParallelProcessingMetrics = {
      ...metrics,
      totalProcessingTimeMs: 300,
      concurrentExecutionCount: 3,
      averageTaskDurationMs: 20,
      estimatedSequentialTimeMs: 720,
      requests: 3,
      hedges: { sent: 2, won: 1 },
      usage: { inputTokens: 5, outputTokens: 1, reasoningTokens: 4 },
      fallbackReason: 'why',
    };
    expect(mergeMetrics(metrics, second)).toMatchObject({
      totalProcessingTimeMs: 400,
      concurrentExecutionCount: 3,
      averageTaskDurationMs: 35,
      estimatedSequentialTimeMs: 800,
      speedup: 2,
      gradedCount: 2,
      requests: 4,
      hedges: { sent: 2, won: 1 },
      usage: { inputTokens: 15, outputTokens: 3, reasoningTokens: 4 },
      timeToFirstResultMs: 90,
      fallbackReason: 'why',
      processingModeUsed: 'sequential',
    });
  });

  test('leaves undefined what was not measured or cannot be told from the two', () => {
    const local = { ...metrics, requests: 0, averageTaskDurationMs: undefined, estimatedSequentialTimeMs: undefined };
    expect(mergeMetrics(local, local)).toMatchObject({ averageTaskDurationMs: undefined, speedup: undefined });
    expect(mergeMetrics(local, metrics).averageTaskDurationMs).toBe(80);
    expect(mergeMetrics(metrics, metrics)).toMatchObject({ latencyMs: undefined, queueMs: undefined });
  });
});
