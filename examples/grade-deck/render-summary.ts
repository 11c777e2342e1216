import type { GradingReport, ParallelProcessingMetrics } from 'gradelanes';
import type { DeckAnswer } from '../deck.ts';
import { isDoubtful, isUnlikeTeacher, SURE_FROM } from './judge-grade.ts';
import type { Paint } from './painter.ts';
import type { DemoOptions } from './read-arguments.ts';

/** What the summary needs beside the report. */
export interface SummaryStyle {
  options: DemoOptions;
  paint: Paint;
}

type Row = readonly [label: string, text: string];

const LABEL_WIDTH = 12;

/** How the work was done, as measured. */
export function renderSummary(
  deck: readonly DeckAnswer[],
  report: GradingReport,
  { options, paint }: SummaryStyle,
): string {
  const { metrics } = report;
  const rows: readonly Row[] = [
    ...gradeRows(deck, report),
    ['Mode', modeText(metrics, options)],
    ...timeRows(metrics, options),
    ['Calls', `${metrics.requests}, at most ${metrics.concurrentExecutionCount} at once, ${metrics.retries} repeated`],
    ['Fallbacks', metrics.fallbackReason ?? 'none'],
    ['Tokens', tokensText(metrics)],
  ];
  const lines = rows.map(([label, text]) => `  ${label.padEnd(LABEL_WIDTH)}${text}`);
  return [paint('bold', 'Summary'), ...lines, '', paint('dim', hintFor(options))].join('\n');
}

function gradeRows(deck: readonly DeckAnswer[], { results, metrics }: GradingReport): readonly Row[] {
  const { gradedCount, localCount } = metrics;
  const doubtfulCount = results.filter(isDoubtful).length;
  const unlikeCount = deck.filter((answer, index) => isUnlikeTeacher(answer, results[index])).length;
  return [
    ['Graded', `${gradedCount} of ${results.length} answers, ${localCount} of them by rule or exact match`],
    ['Teacher', `agrees on right or wrong in ${gradedCount - unlikeCount} of ${gradedCount}; ≠ marks the others`],
    ['To review', `${doubtfulCount}; ? marks what is not graded, or less than ${SURE_FROM * 100} % sure`],
  ];
}

function modeText({ processingModeUsed }: ParallelProcessingMetrics, { mode, provider }: DemoOptions): string {
  if (processingModeUsed === undefined) return 'none: no grader was asked';
  if (mode !== 'auto') return `${processingModeUsed} (${mode} was asked for)`;
  const isOfflineBatch = provider === 'offline' && processingModeUsed === 'batch';
  return `${processingModeUsed} (auto${isOfflineBatch ? ': the offline grader takes many answers per call' : ''})`;
}

function timeRows(metrics: ParallelProcessingMetrics, { provider, simulatedLatencyMs }: DemoOptions): readonly Row[] {
  const { totalProcessingTimeMs, estimatedSequentialTimeMs, speedup } = metrics;
  const time: Row = ['Time', timeText(totalProcessingTimeMs)];
  if (provider === 'offline' && simulatedLatencyMs === undefined) {
    return [time, ['Speed-up', 'none to speak of: the offline grader waits for nothing']];
  }
  if (estimatedSequentialTimeMs === undefined || speedup === undefined) return [time];
  return [
    time,
    ['One by one', `${timeText(estimatedSequentialTimeMs)}, an estimate: the sum of the calls that gave grades`],
    ['Speed-up', `${speedup.toFixed(1)} x${simulatedLatencyMs === undefined ? '' : ' (latency is simulated)'}`],
  ];
}

function timeText(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

function tokensText({ usage }: ParallelProcessingMetrics): string {
  return usage === undefined ? 'none reported' : `${usage.inputTokens} in, ${usage.outputTokens} out`;
}

function hintFor({ provider, simulatedLatencyMs, mode }: DemoOptions): string {
  if (provider !== 'offline') return 'A language model marked this: have a person look before marks count.';
  const warning = 'The offline grader compares words and understands nothing.';
  if (simulatedLatencyMs === undefined) {
    return `${warning} To see what\nparallel calls gain: npm run demo -- --simulate-latency 200`;
  }
  return mode === 'sequential' ? warning : `${warning} To check\nthe estimate: add --mode sequential`;
}
