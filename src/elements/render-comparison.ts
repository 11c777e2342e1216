import { createElement } from './create-element.js';
import { comparisonOf, type KnownMetrics } from './describe-run.js';
import { createTrackRow } from './track-row.js';

/** The run beside its own calls one by one, in words and as two bars; nothing where that was not measured. */
export function renderComparison(metrics: KnownMetrics): readonly Node[] {
  const sentence = comparisonOf(metrics);
  if (sentence === undefined) return [];
  const { totalProcessingTimeMs: took = 0, estimatedSequentialTimeMs: estimate = 0 } = metrics;
  const longest = Math.max(took, estimate);
  const bars = [
    createTrackRow('', [['call', 0, took / longest]], 'this run'),
    createTrackRow('', [['call estimate', 0, estimate / longest]], 'one by one'),
  ];
  return [createElement('p', {}, sentence), createElement('div', { 'aria-hidden': 'true' }, ...bars)];
}
