import type { ParallelProcessingMetrics } from '../contract/report.js';
import { isJsonObject } from '../json/untyped-json.js';

/** The metrics of two requests that came one after the other. What cannot be told from the two is undefined. */
export function mergeMetrics(
  first: ParallelProcessingMetrics | undefined,
  second: ParallelProcessingMetrics,
): ParallelProcessingMetrics {
  if (first === undefined) return second;
  // Both are metrics, so their sum is.
  const sum = added(first, second) as ParallelProcessingMetrics;
  return {
    ...sum,
    concurrentExecutionCount: Math.max(first.concurrentExecutionCount, second.concurrentExecutionCount),
    averageTaskDurationMs: quotient(callMs(first) + callMs(second), sum.requests),
    speedup: quotient(sum.estimatedSequentialTimeMs, sum.totalProcessingTimeMs),
    timeToFirstResultMs: first.timeToFirstResultMs,
    latencyMs: undefined,
    queueMs: undefined,
  };
}

function callMs({ averageTaskDurationMs = 0, requests }: ParallelProcessingMetrics): number {
  return averageTaskDurationMs * requests;
}

function quotient(dividend = NaN, divisor: number): number | undefined {
  return dividend / divisor || undefined;
}

/** Numbers are summed and lists joined at every depth; of texts, the second counts. */
function added(first: unknown, second: unknown): unknown {
  if (typeof first === 'number' && typeof second === 'number') return first + second;
  if (Array.isArray(first) && Array.isArray(second)) return [...first, ...second];
  if (!isJsonObject(first) || !isJsonObject(second)) return second ?? first;
  const names = Object.keys({ ...first, ...second });
  return Object.fromEntries(names.map((name) => [name, added(first[name], second[name])]));
}
