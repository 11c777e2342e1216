// A custom element that shows how answers were graded. The one entry that does something on import: it defines the element.
import { GradingMetricsElement } from './elements/grading-metrics-element.js';

/**
 * Defines the element, under another name if wanted. Importing `gradelanes/elements` has defined `<grading-metrics>`
 * already. Does nothing where the name is taken, or where there are no custom elements (on a server).
 *
 * @param tag A valid name of a custom element: lower case, with a hyphen.
 * @throws {DOMException} `SyntaxError` for a name that no custom element can have.
 *
 * @example
 * ```ts
 * import { defineGradingMetrics } from 'gradelanes/elements';
 *
 * defineGradingMetrics('review-metrics');
 * ```
 */
export function defineGradingMetrics(tag = 'grading-metrics'): void {
  const registry = globalThis.customElements;
  if (registry === undefined || registry.get(tag) !== undefined) return;
  // A class can have one name only, and this one may be wanted under several.
  registry.define(tag, class extends GradingMetricsElement {});
}

defineGradingMetrics();

export { GradingMetricsElement };
export type { MetricsProgress } from './elements/grading-metrics-view.js';
export type { MetricsEvent } from './elements/time-rows.js';

declare global {
  interface HTMLElementTagNameMap {
    'grading-metrics': GradingMetricsElement;
  }
}
