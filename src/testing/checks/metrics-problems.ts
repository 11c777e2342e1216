import type { ParallelProcessingMetrics } from '../../contract/report.js';
import type { GradingResult } from '../../contract/result.js';
import { brokenRules, isAbout, type Rule } from './broken-rules.js';

type MetricRule = Rule<ParallelProcessingMetrics>;

/** Finds where the metrics contradict the results or themselves: one sentence per problem. */
export function metricsProblems(
  metrics: ParallelProcessingMetrics,
  results: readonly GradingResult[],
): readonly string[] {
  return brokenRules(metrics, 'metrics', [
    ...countRules(metrics, results),
    ...callRules(metrics),
    ...timeRules(metrics),
    ...usageRules(metrics, results),
  ]);
}

function countRules(metrics: ParallelProcessingMetrics, results: readonly GradingResult[]): MetricRule[] {
  const graded = results.filter((result) => result.status === 'graded');
  const counts = {
    gradedCount: graded.length,
    failedCount: results.length - graded.length,
    needsReviewCount: graded.filter((result) => result.needsReview).length,
    localCount: graded.filter(({ gradedBy }) => gradedBy === 'rule' || gradedBy === 'exact').length,
    cachedCount: graded.filter((result) => result.fromCache).length,
  };
  // The keys of the object above.
  return (Object.keys(counts) as (keyof typeof counts)[]).map((name) => [
    name,
    metrics[name] === counts[name],
    `${counts[name]}, as the results say`,
  ]);
}

function callRules({ requests, fallbacks, processingModeUsed, ...metrics }: ParallelProcessingMetrics): MetricRule[] {
  const parts = ['parallelTasksSpawned', 'concurrentExecutionCount', 'retries', 'rateLimited', 'leaked'] as const;
  const hasFallback = fallbacks.length > 0;
  return [
    ['requests', Number.isInteger(requests) && requests >= 0, 'a count'],
    ...parts.map((name): MetricRule => [name, metrics[name] >= 0 && metrics[name] <= requests, `part of ${requests}`]),
    ['processingModeUsed', requests === 0 || processingModeUsed !== undefined, 'a mode'],
    ['fallbacks', hasFallback || processingModeUsed?.endsWith('_fallback') !== true, 'steps to the mode used'],
    ['fallbackReason', !hasFallback || metrics.fallbackReason !== undefined, 'a sentence'],
  ];
}

function timeRules(metrics: ParallelProcessingMetrics): MetricRule[] {
  const { totalProcessingTimeMs: total, estimatedSequentialTimeMs = total, latencyMs, queueMs } = metrics;
  const saved = estimatedSequentialTimeMs - total;
  const latencies = latencyMs === undefined ? [] : [latencyMs.p50, latencyMs.p95, latencyMs.p99, latencyMs.max];
  const waits = queueMs === undefined ? [] : [queueMs.p50, queueMs.p95, queueMs.max];
  return [
    ['timeToFirstResultMs', isRising([0, metrics.timeToFirstResultMs ?? 0, total]), `part of ${total}`],
    ['timeSavedMs', isAbout(metrics.timeSavedMs ?? 0, saved), `${saved}`],
    ['latencyMs', isRising([0, ...latencies]), 'rising'],
    ['queueMs', isRising([0, ...waits]), 'rising'],
  ];
}

/** Hedges and calls left behind may cost tokens that belong to no answer. */
function usageRules(
  { usage, hedges, leaked }: ParallelProcessingMetrics,
  results: readonly GradingResult[],
): MetricRule[] {
  if (usage === undefined || hedges.sent > 0 || leaked > 0) return [];
  return (['inputTokens', 'outputTokens'] as const).map((name) => {
    const sum = results.reduce((total, result) => total + (result.usage?.[name] ?? 0), 0);
    return ['usage', isAbout(usage[name], sum), `${sum} ${name}, as the results say`];
  });
}

function isRising(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
}
