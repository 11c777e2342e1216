import { createElement } from './create-element.js';
import {
  fallbacksOf,
  figuresOf,
  hadTrouble,
  headlineOf,
  nameOfMode,
  type ShownFigure,
  type KnownMetrics,
} from './describe-run.js';
import { sheet } from './grading-metrics-style.js';
import { answersIn, fill, type ElementLabels } from './labels.js';
import { renderComparison } from './render-comparison.js';
import { renderTable, renderWaterfall } from './render-waterfall.js';
import { timeRowsOf, type TimedEvent, type TimedResult } from './time-rows.js';

export { sheet };

/** How far a run is. */
export interface MetricsProgress {
  completed: number;
  /** Left out where the number of answers is not known. */
  total?: number | undefined;
}

/** What there is to show. */
export interface MetricsState {
  labels: ElementLabels;
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
  readonly #progress = createElement('progress', { part: 'progress' });
  readonly #fallbacks = createElement('ul', { part: 'fallbacks', class: 'fallbacks' });
  readonly #comparison = createElement('div', { part: 'comparison', class: 'comparison' });
  readonly #figures = createElement('dl', { part: 'figures', class: 'figures' });
  readonly #waterfall = createElement('div', { part: 'waterfall' });
  readonly #table = createElement('div');
  readonly #summary = createElement('summary');
  readonly #details = createElement('details', {}, this.#summary, this.#table);
  readonly #status = createElement('p', { role: 'status', class: 'status' });

  constructor() {
    this.root = createElement(
      'section',
      { part: 'card', class: 'card' },
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

  show({ labels, metrics, progress, results, events }: MetricsState): void {
    const rows = timeRowsOf(results, events);
    const headline = metrics
      ? headlineOf(labels, metrics)
      : progress
        ? progressOf(labels, progress)
        : resultsOf(labels, results);
    this.root.setAttribute('aria-label', labels.region);
    this.#progress.setAttribute('aria-label', headline);
    this.#headline.textContent = headline;
    this.#mode.className = metrics !== undefined && hadTrouble(metrics) ? 'mode fallback' : 'mode';
    this.#mode.textContent = metrics ? nameOfMode(labels, metrics) : '';
    this.#showProgress(metrics === undefined ? progress : undefined);
    const troubles = (metrics ? fallbacksOf(metrics) : events.flatMap(reasonOf)).map((reason) =>
      fill(labels.trouble, { reason }),
    );
    this.#fallbacks.replaceChildren(...troubles.map(renderTrouble));
    this.#comparison.replaceChildren(...(metrics ? renderComparison(labels, metrics) : []));
    this.#figures.replaceChildren(...(metrics ? figuresOf(labels, metrics) : []).map(renderFigure));
    this.#waterfall.replaceChildren(...renderWaterfall(labels, rows));
    this.#summary.textContent = labels.showTable;
    this.#details.hidden = rows.length === 0;
    this.#table.replaceChildren(renderTable(labels, rows));
    this.#announce([metrics ? headline : announcementOf(labels, progress), ...troubles].join('. '));
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

function progressOf(labels: ElementLabels, { completed, total }: MetricsProgress): string {
  return total === undefined
    ? fill(labels.progressOpen, { answers: answersIn(labels, completed) })
    : fill(labels.progress, { done: completed, total });
}

/** Without metrics: before the first run, or where a run was cut short. */
function resultsOf(labels: ElementLabels, results: readonly TimedResult[]): string {
  const failedCount = results.filter(({ status }) => status === 'failed').length;
  return results.length === 0
    ? labels.nothing
    : headlineOf(labels, { gradedCount: results.length - failedCount, failedCount });
}

/** Only every quarter, or a screen reader would do nothing else. */
function announcementOf(labels: ElementLabels, progress: MetricsProgress | undefined): string {
  if (progress === undefined) return '';
  const { completed, total } = progress;
  const percent = total === undefined ? 0 : Math.floor((completed / Math.max(1, total)) * 4) * 25;
  return fill(labels.announced, { percent });
}

function reasonOf(event: TimedEvent): readonly string[] {
  return event.type === 'fallback-taken' ? [event.step.reason] : [];
}

function renderTrouble(text: string): Node {
  return createElement(
    'li',
    {},
    createElement('span', { 'aria-hidden': 'true' }, '⚠'),
    createElement('span', {}, text),
  );
}

function renderFigure([name, value, title]: ShownFigure): Node {
  return createElement('div', { part: 'figure', title }, createElement('dt', {}, name), createElement('dd', {}, value));
}
