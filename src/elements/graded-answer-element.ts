import type { EvidenceSpan, GradingResult } from '../contract/result.js';
import type { ReviewedAnswer, ReviewedCriterion, WireResult } from '../wire/review-wire.js';
import { fromWireResult } from '../wire/translate.js';
import { createElement } from './create-element.js';
import { fill, numberIn, type ElementLabels } from './labels.js';
import { lazySheet, ShownElement } from './shown-element.js';
import { ANSWER_CSS } from './style-sheet.js';

const sheet = lazySheet(ANSWER_CSS);

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
export class GradedAnswerElement extends ShownElement {
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

  protected render(labels: ElementLabels): void {
    const result = this.#result;
    const evidence = result?.status === 'graded' ? (result.criteria ?? []).flatMap((each) => each.evidence ?? []) : [];
    const answer = createElement('blockquote', { part: 'answer' }, ...marked(this.#answer, evidence));
    answer.setAttribute('aria-label', labels.yourAnswer);
    this.open(
      sheet(),
      createElement(
        'article',
        { part: 'card', class: 'card' },
        ...(result ? verdictOf(labels, result) : []),
        answer,
        ...(result ? commentsOn(labels, result) : []),
      ),
    );
  }
}

function verdictOf(labels: ElementLabels, result: GradingResult | ReviewedAnswer): readonly Node[] {
  if (result.status === 'failed')
    return [createElement('p', { part: 'verdict', class: 'failed' }, `✕ ${labels.failed}`)];
  const { scaledScore, isCorrect } = result;
  const word = scaledScore >= 1 ? labels.right : scaledScore > 0 ? labels.partly : labels.wrong;
  return [
    createElement(
      'p',
      { part: 'verdict', class: isCorrect ? 'right' : 'wrong' },
      createElement('strong', {}, word),
      createElement('span', { part: 'marks' }, marksOf(labels, result)),
    ),
  ];
}

function marksOf(labels: ElementLabels, { scoreGiven, scoreMaximum }: Omit<ReviewedCriterion, 'id'>): string {
  const shown = (points: number): string => numberIn(labels.locale, points, 2, 0);
  return fill(labels.marks, { given: shown(scoreGiven), most: shown(scoreMaximum) });
}

function commentsOn(labels: ElementLabels, result: GradingResult | ReviewedAnswer): readonly (Node | undefined)[] {
  if (result.status === 'failed') return [createElement('p', { part: 'note', class: 'failed' }, result.error.message)];
  const { feedback, criteria = [], needsReview } = result;
  const rows = criteria.map((each) =>
    createElement('div', {}, createElement('dt', {}, each.id), createElement('dd', {}, marksOf(labels, each))),
  );
  return [
    feedback === undefined ? undefined : createElement('p', { part: 'feedback' }, feedback),
    rows.length === 0 ? undefined : createElement('dl', { part: 'criteria', 'aria-label': labels.criteria }, ...rows),
    needsReview ? createElement('p', { part: 'note', class: 'note' }, labels.look) : undefined,
  ];
}

/** The answer with the words that marks are for; spans that overlap are one. */
function marked(text: string, evidence: readonly EvidenceSpan[]): readonly (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const { start, end } of evidence.toSorted((a, b) => a.start - b.start)) {
    const from = Math.max(at, start);
    if (!(end > from)) continue;
    parts.push(text.slice(at, from), createElement('mark', { part: 'evidence' }, text.slice(from, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}
