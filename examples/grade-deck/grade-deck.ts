import { gradeAnswersWithFallback, isGradingAborted, type GradingReport, type Provider } from 'gradelanes';
import { deck } from '../deck.ts';
import { chooseProvider } from './choose-provider.ts';
import { painter } from './painter.ts';
import type { DemoOptions } from './read-arguments.ts';
import { renderSummary } from './render-summary.ts';
import { renderTable } from './render-table.ts';
import { showProgress } from './show-progress.ts';

const USUAL_WIDTH = 80;
const NARROWEST = 60;
const WIDEST = 140;

/** Grades the deck and prints a table of the results and a summary. Ctrl-C stops and shows what there is. */
export async function gradeDeck(options: DemoOptions): Promise<void> {
  const provider = await chooseProvider(options, process.env);
  console.log(`${deck.length} answers on how the web works, graded by ${providerLabel(options)}`);
  const report = await gradeUntilInterrupted(provider, options);
  const width = widthOf(process.stdout);
  const paint = painter(process.stdout);
  console.log(renderTable(deck, report.results, { width, paint }));
  console.log(renderSummary(deck, report, { options, paint }));
}

/** A pipe has no width, and some terminals say 0. */
function widthOf({ columns = 0 }: { columns?: number }): number {
  return columns === 0 ? USUAL_WIDTH : Math.min(WIDEST, Math.max(NARROWEST, columns));
}

function providerLabel({ provider, model, baseUrl, simulatedLatencyMs }: DemoOptions): string {
  if (provider !== 'offline') return [provider, model, baseUrl].filter((part) => part !== undefined).join(' ');
  if (simulatedLatencyMs === undefined) return 'the offline grader (no network)';
  return `the offline grader (${simulatedLatencyMs} ms simulated)`;
}

async function gradeUntilInterrupted(
  provider: Provider,
  { mode, maxConcurrentTasks }: DemoOptions,
): Promise<GradingReport> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  const progress = showProgress(process.stdout, deck.length);
  process.once('SIGINT', stop);
  try {
    return await gradeAnswersWithFallback(deck, {
      provider,
      mode,
      maxConcurrentTasks,
      signal: interrupt.signal,
      onProgress: progress.onProgress,
      onEvent: progress.onEvent,
    });
  } catch (error) {
    if (isGradingAborted(error)) return error.report;
    throw error;
  } finally {
    progress.end();
    process.off('SIGINT', stop);
  }
}
