import type { ParallelProcessingMetrics } from '../contract/report.js';
import type { WireMetrics, WireResult } from '../wire/review-wire.js';
import { fromWireMetrics, fromWireResult } from '../wire/translate.js';
import type { GradingMetricsView, MetricsProgress } from './grading-metrics-view.js';
import type { ElementLabels } from './labels.js';
import { lazy, type Lazy } from './lazy.js';
import { ShownElement } from './shown-element.js';
import type { TimedEvent, TimedResult } from './time-rows.js';

type MetricsView = typeof import('./grading-metrics-view.js');

const view = lazy(() => import('./grading-metrics-view.js'));

/** As much of a review client as the element reads. */
export interface ReviewSource {
  subscribe(listener: () => void): () => void;
  getSnapshot(): {
    status: string;
    completed: number;
    total: number;
    results: readonly (TimedResult | WireResult)[];
    events: readonly TimedEvent[];
    metrics: ParallelProcessingMetrics | undefined;
  };
}

/**
 * The element behind `<grading-metrics>`: progress while answers are graded, and then how the work was done. It needs no
 * inline style and no markup from strings, so that it works under a strict Content-Security-Policy with Trusted Types.
 *
 * Parts for `::part()`: `card`, `headline`, `mode`, `progress`, `fallbacks`, `comparison`, `figures`, `figure`,
 * `legend`, `waterfall`, `row`, `wait`, `call`, `failed`, `estimate`, `table`. Variables: `--grading-metrics-surface`, `-text`,
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
export class GradingMetricsElement extends ShownElement<MetricsView> {
  #metrics: ParallelProcessingMetrics | undefined;
  #results: readonly TimedResult[] = [];
  #events: readonly TimedEvent[] = [];
  #progress: MetricsProgress | undefined;
  #view: GradingMetricsView | undefined;
  #client: ReviewSource | undefined;
  #forget: (() => void) | undefined;

  /** How the run went, as the library has it or as it came over the wire. Ends the progress. @default undefined */
  get metrics(): ParallelProcessingMetrics | undefined {
    return this.#metrics;
  }

  set metrics(metrics: ParallelProcessingMetrics | WireMetrics | null | undefined) {
    this.#metrics = metrics ? fromWireMetrics(metrics) : undefined;
    if (this.#metrics !== undefined) this.#progress = undefined;
    this.schedule();
  }

  /** The rows of the waterfall, in the same two forms; may grow while a run goes on. @default [] */
  get results(): readonly TimedResult[] {
    return this.#results;
  }

  set results(results: readonly (TimedResult | WireResult)[] | null | undefined) {
    // Names that are in camelCase already stay so.
    this.#results = (results ?? []).map((result) => fromWireResult(result as WireResult));
    this.schedule();
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
    this.schedule();
  }

  /** How far a run is, in answers. Takes away the metrics of the run before. @default undefined */
  get progress(): MetricsProgress | undefined {
    return this.#progress;
  }

  set progress(progress: MetricsProgress | null | undefined) {
    this.#progress = progress ?? undefined;
    if (this.#progress !== undefined) this.#metrics = undefined;
    this.schedule();
  }

  /** A review client: the element then shows its submissions, live. Sets all other properties. @default undefined */
  get client(): ReviewSource | undefined {
    return this.#client;
  }

  set client(client: ReviewSource | null | undefined) {
    this.#forget?.();
    this.#client = client ?? undefined;
    this.#follow();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  /** The browser calls it. */
  disconnectedCallback(): void {
    this.#forget?.();
  }

  /** Nothing holds an element that is not on the page. */
  #follow(): void {
    const client = this.#client;
    this.#forget?.();
    if (client === undefined || !this.isConnected) return;
    const take = (): void => {
      const { status, completed, total, results, events, metrics } = client.getSnapshot();
      Object.assign(this, {
        results,
        events,
        metrics,
        progress: status === 'submitting' ? { completed, total } : undefined,
      });
    };
    this.#forget = client.subscribe(take);
    take();
  }

  protected override readonly view: Lazy<MetricsView> = view;

  protected override render({ GradingMetricsView: View, sheet }: MetricsView, labels: ElementLabels): void {
    if (this.#view === undefined) {
      this.#view = new View();
      this.open(sheet(), this.#view.root);
    }
    this.#view.show({
      ...{ labels, metrics: this.#metrics, progress: this.#progress },
      ...{ results: this.#results, events: this.#events },
    });
  }
}
