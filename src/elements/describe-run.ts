import type { ParallelProcessingMetrics, ProcessingModeUsed } from '../contract/report.js';
import { formatDuration } from './format-duration.js';

/** Metrics as they come: a server may leave out what it does not measure. */
export type KnownMetrics = Partial<ParallelProcessingMetrics>;

const MODE_NAMES: Readonly<Record<ProcessingModeUsed, string>> = {
  parallel: 'In parallel',
  batch: 'In batches',
  sequential: 'One by one',
  batch_fallback: 'In batches, as a fallback',
  sequential_fallback: 'One by one, as a fallback',
};

/** How the answers were sent, in the end. */
export function nameOfMode({ processingModeUsed }: KnownMetrics): string {
  return processingModeUsed === undefined ? 'No model asked' : (MODE_NAMES[processingModeUsed] ?? processingModeUsed);
}

/** What came out, in one sentence. */
export function headlineOf({ gradedCount, failedCount = 0, totalProcessingTimeMs }: KnownMetrics): string {
  const graded = gradedCount === undefined ? 'Graded' : `${countOf(gradedCount, 'answer')} graded`;
  const time = totalProcessingTimeMs === undefined ? '' : ` in ${formatDuration(totalProcessingTimeMs)}`;
  return graded + time + (failedCount > 0 ? `, ${failedCount} not graded` : '');
}

/** How the run compares with its own calls made one by one. */
export function comparisonOf({ estimatedSequentialTimeMs, totalProcessingTimeMs }: KnownMetrics): string | undefined {
  if (!estimatedSequentialTimeMs || !totalProcessingTimeMs) return undefined;
  const times = estimatedSequentialTimeMs / totalProcessingTimeMs;
  const gain = times < 1.05 ? 'no time was saved' : `${times.toFixed(1)} times as long`;
  return `Estimate: one by one, the same calls would take about ${formatDuration(estimatedSequentialTimeMs)}, ${gain}.`;
}

/** Every step down the chain; without a step, why the mode is not the one asked for. */
export function fallbacksOf({ fallbacks = [], fallbackReason }: KnownMetrics): readonly string[] {
  if (fallbacks.length > 0) return fallbacks.map(({ reason }) => reason);
  return fallbackReason === undefined ? [] : [fallbackReason];
}

/** The figures beside those of the headline, as far as they were measured and say something. */
export function figuresOf(metrics: KnownMetrics): readonly (readonly [name: string, value: string])[] {
  const { requests = 0, retries = 0, usage } = metrics;
  const figures: readonly (readonly [name: string, value: number | undefined, show: (value: number) => string])[] = [
    ['Calls at once', metrics.concurrentExecutionCount, String],
    ['Calls', requests, (count) => (retries > 0 ? `${count}, ${retries} repeated` : `${count}`)],
    ['Mean call', metrics.averageTaskDurationMs, formatDuration],
    ['Held back', metrics.pausedMs, formatDuration],
    ['Without a call', metrics.localCount, String],
    ['To review', metrics.needsReviewCount, String],
    ['Tokens', usage && usage.inputTokens + usage.outputTokens, (count) => count.toLocaleString('en')],
  ];
  return figures.flatMap(([name, value, show]) => (value ? [[name, show(value)] as const] : []));
}

/** `1 answer`, `2 answers`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
