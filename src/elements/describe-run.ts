import type { ParallelProcessingMetrics } from '../contract/report.js';
import { answersIn, durationIn, fill, numberIn, type ElementLabels } from './labels.js';

/** Metrics as they come: a server may leave out what it does not measure. */
export type KnownMetrics = Partial<ParallelProcessingMetrics>;

/** A figure: its name, its value, and what it means. */
export type ShownFigure = readonly [name: string, value: string, hint: string];

/** Whether the run did not go as planned: part of it was repeated another way, or failed. */
export function hadTrouble({ processingModeUsed, fallbacks = [], failedCount = 0 }: KnownMetrics): boolean {
  const given: unknown = processingModeUsed;
  return String(given).endsWith('_fallback') || fallbacks.length > 0 || failedCount > 0;
}

/** How the answers were sent, in the end. */
export function nameOfMode(labels: ElementLabels, metrics: KnownMetrics): string {
  const { processingModeUsed } = metrics;
  if (processingModeUsed === undefined) return labels.noModel;
  // A server of another make may send anything.
  const given: unknown = processingModeUsed;
  const plain = String(given).replace('_fallback', '');
  const mode = plain === 'parallel' || plain === 'batch' || plain === 'sequential' ? labels[plain] : plain;
  return hadTrouble(metrics) ? fill(labels.afterTrouble, { mode }) : mode;
}

/** What came out, in one sentence. */
export function headlineOf(labels: ElementLabels, metrics: KnownMetrics): string {
  const { gradedCount = 0, failedCount = 0, totalProcessingTimeMs } = metrics;
  const graded = fill(labels.graded, { answers: answersIn(labels, gradedCount) });
  const time =
    totalProcessingTimeMs === undefined ? '' : fill(labels.inTime, { time: durationIn(labels, totalProcessingTimeMs) });
  return graded + time + (failedCount > 0 ? fill(labels.notGraded, { n: failedCount }) : '');
}

/** The run beside its own calls made one by one. */
export interface Comparison {
  sentence: string;
  /** Only where both times are about the same calls. */
  bars?: readonly [tookMs: number, estimateMs: number];
}

/**
 * How the run compares with its own calls made one by one. The estimate counts the calls that gave a grade: where others
 * failed or were repeated, their time is in the run and not in the estimate, and the two are not set side by side.
 */
export function comparisonOf(labels: ElementLabels, metrics: KnownMetrics): Comparison | undefined {
  const { estimatedSequentialTimeMs: estimate, totalProcessingTimeMs: took, retries = 0 } = metrics;
  if (!estimate || !took) return undefined;
  const time = durationIn(labels, estimate);
  if (retries > 0 || hadTrouble(metrics)) return { sentence: fill(labels.estimatePart, { time }) };
  const isSaving = estimate / took >= 1.05;
  const times = numberIn(labels.locale, estimate / took, 1);
  return { sentence: fill(isSaving ? labels.estimate : labels.estimateEven, { time, times }), bars: [took, estimate] };
}

/** Every step down the chain; without a step, why the mode is not the one asked for. */
export function fallbacksOf({ fallbacks = [], fallbackReason }: KnownMetrics): readonly string[] {
  if (fallbacks.length > 0) return fallbacks.map(({ reason }) => reason);
  return fallbackReason === undefined ? [] : [fallbackReason];
}

/** The figures beside those of the headline, as far as they were measured and say something. */
export function figuresOf(labels: ElementLabels, metrics: KnownMetrics): readonly ShownFigure[] {
  const { requests = 0, retries: again = 0, usage } = metrics;
  const duration = (value: number): string => durationIn(labels, value);
  const figures: readonly (readonly [label: string, value: number | undefined, show: (value: number) => string])[] = [
    [labels.review, metrics.needsReviewCount, String],
    [labels.local, metrics.localCount, String],
    [labels.requests, requests, (n) => (again > 0 ? fill(labels.repeated, { n, again }) : `${n}`)],
    [labels.atOnce, metrics.concurrentExecutionCount, String],
    [labels.mean, metrics.averageTaskDurationMs, duration],
    [labels.waited, metrics.pausedMs, duration],
    [labels.tokens, usage && usage.inputTokens + usage.outputTokens, (n) => numberIn(labels.locale, n, 0)],
  ];
  return figures.flatMap(([label, value, show]): readonly ShownFigure[] => {
    const [name = '', hint = ''] = label.split('|');
    return value ? [[name, show(value), hint]] : [];
  });
}
