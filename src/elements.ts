// Custom elements that show how answers were graded. The one entry that does something on import: it defines them.
import { GradedAnswerElement } from './elements/graded-answer-element.js';
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
  // A class can have one name only, and this one may be wanted under several.
  define(tag, class extends GradingMetricsElement {});
}

function define(tag: string, element: CustomElementConstructor): void {
  const registry = globalThis.customElements;
  if (registry?.get(tag) === undefined) registry?.define(tag, element);
}

defineGradingMetrics();
define('graded-answer', GradedAnswerElement);

export { ENGLISH as ENGLISH_LABELS } from './elements/english.js';
export { labelsIn } from './elements/labels-in.js';
export { GradedAnswerElement, GradingMetricsElement };
export type { ElementLabels, LabelName } from './elements/labels.js';
export type { ReviewSource } from './elements/grading-metrics-element.js';
export type { MetricsProgress } from './elements/grading-metrics-view.js';
export type { MetricsEvent } from './elements/time-rows.js';

declare global {
  interface HTMLElementTagNameMap {
    'grading-metrics': GradingMetricsElement;
    'graded-answer': GradedAnswerElement;
  }
}
