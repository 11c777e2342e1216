import { createElement } from './create-element.js';
import { comparisonOf, type KnownMetrics } from './describe-run.js';
import type { ElementLabels } from './labels.js';
import { createTrackRow } from './track-row.js';

/** The run beside its own calls one by one, in words and as two bars; nothing where that was not measured. */
export function renderComparison(labels: ElementLabels, metrics: KnownMetrics): readonly Node[] {
  const comparison = comparisonOf(labels, metrics);
  if (comparison === undefined) return [];
  const { sentence, bars: [took, estimate] = [] } = comparison;
  if (took === undefined || estimate === undefined) return [createElement('p', {}, sentence)];
  const longest = Math.max(took, estimate);
  const bars = [
    createTrackRow('', [['call', 0, took / longest]], labels.thisRun),
    createTrackRow('', [['call estimate', 0, estimate / longest]], labels.oneByOne),
  ];
  return [createElement('p', {}, sentence), createElement('div', { 'aria-hidden': 'true' }, ...bars)];
}
