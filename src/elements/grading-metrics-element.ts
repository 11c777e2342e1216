import type { ParallelProcessingMetrics } from '../contract/report.js';
import type { WireMetrics, WireResult } from '../wire/review-wire.js';
import { fromWireMetrics, fromWireResult } from '../wire/translate.js';
import { GradingMetricsView, type MetricsProgress } from './grading-metrics-view.js';
import { CSS } from './style-sheet.js';
import type { TimedEvent, TimedResult } from './time-rows.js';

/** On a server there are no elements, but the module can be imported. */
const ElementBase: typeof HTMLElement =
  // Never constructed: only a browser makes elements.
  globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);

/** Properties that a page may have set before the element was defined. */
const PROPERTIES = ['metrics', 'results', 'events', 'progress'] as const;

let styleSheet: CSSStyleSheet | undefined;

/**
 * The element behind `<grading-metrics>`: progress while answers are graded, and then how the work was done. It needs no
 * inline style and no markup from strings, so that it works under a strict Content-Security-Policy with Trusted Types.
 *
 * Parts for `::part()`: `card`, `headline`, `mode`, `progress`, `fallbacks`, `comparison`, `figures`, `figure`,
 * `waterfall`, `row`, `wait`, `call`, `failed`, `estimate`, `table`. Variables: `--grading-metrics-surface`, `-text`,
 * `-muted`, `-line`, `-accent`, `-wait`, `-warn`, `-bad`, `-radius` and `-font`. Colours follow the page's
 * `color-scheme`.
 *
 * @example
 * ```ts
 * import 'gradelanes/elements';
 * import type { GradingReport } from 'gradelanes';
 *
 * function show({ metrics, results }: GradingReport): void {
 *   const element = document.querySelector('grading-metrics');
 *   if (element !== null) Object.assign(element, { metrics, results });
 * }
 * ```
 */
export class GradingMetricsElement extends ElementBase {
  #metrics: ParallelProcessingMetrics | undefined;
  #results: readonly TimedResult[] = [];
  #events: readonly TimedEvent[] = [];
  #progress: MetricsProgress | undefined;
  #view: GradingMetricsView | undefined;
  #isScheduled = false;

  /** How the run went, as the library has it or as it came over the wire. Ends the progress. @default undefined */
  get metrics(): ParallelProcessingMetrics | undefined {
    return this.#metrics;
  }

  set metrics(metrics: ParallelProcessingMetrics | WireMetrics | null | undefined) {
    this.#metrics = metrics ? fromWireMetrics(metrics) : undefined;
    if (this.#metrics !== undefined) this.#progress = undefined;
    this.#schedule();
  }

  /** The rows of the waterfall, in the same two forms; may grow while a run goes on. @default [] */
  get results(): readonly TimedResult[] {
    return this.#results;
  }

  set results(results: readonly (TimedResult | WireResult)[] | null | undefined) {
    // Names that are in camelCase already stay so.
    this.#results = (results ?? []).map((result) => fromWireResult(result as WireResult));
    this.#schedule();
  }

  /**
   * The events of the run, as far as the page gets them: with them the waterfall shows every call, and fallbacks appear
   * when they are taken. Their `indices` must be those of the results. @default []
   */
  get events(): readonly TimedEvent[] {
    return this.#events;
  }

  set events(events: readonly TimedEvent[] | null | undefined) {
    this.#events = events ?? [];
    this.#schedule();
  }

  /** How far a run is, in answers. Takes away the metrics of the run before. @default undefined */
  get progress(): MetricsProgress | undefined {
    return this.#progress;
  }

  set progress(progress: MetricsProgress | null | undefined) {
    this.#progress = progress ?? undefined;
    if (this.#progress !== undefined) this.#metrics = undefined;
    this.#schedule();
  }

  /** The browser calls it. */
  connectedCallback(): void {
    for (const name of PROPERTIES) this.#takeOver(name);
    this.#schedule();
  }

  /** A property set before the element was defined hides the real one. */
  #takeOver(name: (typeof PROPERTIES)[number]): void {
    const early = Object.getOwnPropertyDescriptor(this, name);
    if (early === undefined) return;
    Reflect.deleteProperty(this, name);
    Reflect.set(this, name, early.value);
  }

  /** Once for all properties that are set together. */
  #schedule(): void {
    if (this.#isScheduled || !this.isConnected) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#view ??= this.#open();
      this.#view.show({
        metrics: this.#metrics,
        progress: this.#progress,
        results: this.#results,
        events: this.#events,
      });
    });
  }

  #open(): GradingMetricsView {
    const view = new GradingMetricsView();
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [(styleSheet ??= createStyleSheet())];
    shadow.append(view.root);
    return view;
  }
}

function createStyleSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  return sheet;
}
