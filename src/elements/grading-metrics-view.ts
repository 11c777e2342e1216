import { createElement } from './create-element.js';
import { countOf, fallbacksOf, figuresOf, headlineOf, nameOfMode, type KnownMetrics } from './describe-run.js';
import { renderComparison } from './render-comparison.js';
import { renderTable, renderWaterfall } from './render-waterfall.js';
import { timeRowsOf, type TimedEvent, type TimedResult } from './time-rows.js';

/** How far a run is. */
export interface MetricsProgress {
  completed: number;
  /** Left out where the number of answers is not known. */
  total?: number | undefined;
}

/** What there is to show. */
export interface MetricsState {
  metrics: KnownMetrics | undefined;
  progress: MetricsProgress | undefined;
  results: readonly TimedResult[];
  events: readonly TimedEvent[];
}

/**
 * The elements inside `<grading-metrics>`. They are made once and filled anew, so that focus, an open table and the
 * screen reader's live region outlast every update.
 */
export class GradingMetricsView {
  readonly root: HTMLElement;
  readonly #headline = createElement('p', { part: 'headline', class: 'headline' });
  readonly #mode = createElement('span', { part: 'mode' });
  readonly #progress = createElement('progress', { part: 'progress', 'aria-label': 'Answers graded' });
  readonly #fallbacks = createElement('ul', { part: 'fallbacks', class: 'fallbacks', 'aria-label': 'Fallbacks' });
  readonly #comparison = createElement('div', { part: 'comparison', class: 'comparison' });
  readonly #figures = createElement('dl', { part: 'figures', class: 'figures' });
  readonly #waterfall = createElement('div', { part: 'waterfall' });
  readonly #table = createElement('div');
  readonly #details = createElement('details', {}, createElement('summary', {}, 'Show as a table'), this.#table);
  readonly #status = createElement('p', { role: 'status', class: 'status' });

  constructor() {
    this.root = createElement(
      'section',
      { part: 'card', class: 'card', 'aria-label': 'How the answers were graded' },
      createElement('div', { class: 'head' }, this.#headline, this.#mode),
      this.#progress,
      this.#fallbacks,
      this.#comparison,
      this.#figures,
      this.#waterfall,
      this.#details,
      this.#status,
    );
  }

  show({ metrics, progress, results, events }: MetricsState): void {
    const rows = timeRowsOf(results, events);
    const headline = metrics ? headlineOf(metrics) : progress ? progressOf(progress) : resultsOf(results);
    this.#headline.textContent = headline;
    this.#showMode(metrics);
    this.#showProgress(metrics === undefined ? progress : undefined);
    const fallbacks = metrics ? fallbacksOf(metrics) : events.flatMap(reasonOf);
    this.#fallbacks.replaceChildren(...fallbacks.map(renderFallback));
    this.#comparison.replaceChildren(...(metrics ? renderComparison(metrics) : []));
    this.#figures.replaceChildren(...(metrics ? figuresOf(metrics) : []).map(renderFigure));
    this.#waterfall.replaceChildren(...renderWaterfall(rows));
    this.#details.hidden = rows.length === 0;
    this.#table.replaceChildren(renderTable(rows));
    this.#announce([metrics ? headline : announcementOf(progress), ...fallbacks].join('. '));
  }

  #showMode(metrics: KnownMetrics | undefined): void {
    const isFallback = metrics?.processingModeUsed?.endsWith('_fallback') ?? false;
    this.#mode.className = isFallback ? 'mode fallback' : 'mode';
    this.#mode.textContent = metrics ? nameOfMode(metrics) : '';
  }

  #showProgress(progress: MetricsProgress | undefined): void {
    this.#progress.hidden = progress === undefined;
    if (progress?.total === undefined) {
      this.#progress.removeAttribute('value');
      return;
    }
    this.#progress.max = Math.max(1, progress.total);
    this.#progress.value = progress.completed;
  }

  /** A live region speaks whenever its text is set, even to what it said before. */
  #announce(text: string): void {
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }
}

function progressOf({ completed, total }: MetricsProgress): string {
  return total === undefined ? `${countOf(completed, 'answer')} graded so far` : `Graded ${completed} of ${total}`;
}

/** Without metrics: before the first run, or where a run was cut short. */
function resultsOf(results: readonly TimedResult[]): string {
  const failedCount = results.filter(({ status }) => status === 'failed').length;
  return results.length === 0
    ? 'Nothing graded yet'
    : headlineOf({ gradedCount: results.length - failedCount, failedCount });
}

/** Only every quarter, or a screen reader would do nothing else. */
function announcementOf(progress: MetricsProgress | undefined): string {
  if (progress?.total === undefined) return progress === undefined ? '' : 'Grading';
  return `Grading, ${Math.floor((progress.completed / Math.max(1, progress.total)) * 4) * 25} % done`;
}

function reasonOf(event: TimedEvent): readonly string[] {
  return event.type === 'fallback-taken' ? [event.step.reason] : [];
}

function renderFallback(reason: string): Node {
  return createElement(
    'li',
    {},
    createElement('span', { 'aria-hidden': 'true' }, '⚠'),
    createElement('span', {}, `Fallback: ${reason}`),
  );
}

function renderFigure([name, value]: readonly [name: string, value: string]): Node {
  return createElement('div', { part: 'figure' }, createElement('dt', {}, name), createElement('dd', {}, value));
}
