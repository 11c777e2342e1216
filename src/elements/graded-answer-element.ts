import type { GradingResult } from '../contract/result.js';
import type { ReviewedAnswer, WireResult } from '../wire/review-wire.js';
import { fromWireResult } from '../wire/translate.js';
import type { ElementLabels } from './labels.js';
import { lazy, type Lazy } from './lazy.js';
import { ShownElement } from './shown-element.js';

type AnswerView = typeof import('./graded-answer-view.js');

const view = lazy(() => import('./graded-answer-view.js'));

/**
 * The element behind `<graded-answer>`: a learner's answer with its marks, its feedback, the points for each criterion, and
 * the words they are for. All texts stay texts, whoever wrote them.
 *
 * Parts for `::part()`: `card`, `verdict`, `marks`, `answer`, `evidence`, `feedback`, `criteria`, `note`. It takes the
 * variables of `<grading-metrics>`.
 *
 * @example
 * ```ts
 * import 'gradelanes/elements';
 * import type { GradingResult } from 'gradelanes';
 *
 * function show(result: GradingResult, answer: string): void {
 *   const element = document.querySelector('graded-answer');
 *   if (element !== null) Object.assign(element, { result, answer });
 * }
 * ```
 */
export class GradedAnswerElement extends ShownElement<AnswerView> {
  #result: GradingResult | ReviewedAnswer | undefined;
  #answer = '';

  /** The grade or the failure, as the library has it or as it came over the wire. @default undefined */
  get result(): GradingResult | ReviewedAnswer | undefined {
    return this.#result;
  }

  set result(result: GradingResult | ReviewedAnswer | WireResult | null | undefined) {
    // Names that are in camelCase already stay so.
    this.#result = result ? fromWireResult(result as WireResult) : undefined;
    this.schedule();
  }

  /** What the learner wrote; the evidence of criteria counts in it. @default '' */
  get answer(): string {
    return this.#answer;
  }

  set answer(answer: string | null | undefined) {
    this.#answer = answer ?? '';
    this.schedule();
  }

  protected override readonly view: Lazy<AnswerView> = view;

  protected override render({ renderAnswer, sheet }: AnswerView, labels: ElementLabels): void {
    this.open(sheet(), renderAnswer(labels, this.#answer, this.#result));
  }
}
