import type { EvidenceSpan, GradingResult } from '../contract/result.js';
import type { ReviewedAnswer, ReviewedCriterion } from '../wire/review-wire.js';
import { createElement } from './create-element.js';
import { fill, numberIn, type ElementLabels } from './labels.js';
import { BASE_CSS, lazySheet } from './style-sheet.js';

/** What `<graded-answer>` shows; without a result, the answer alone. */
export function renderAnswer(
  labels: ElementLabels,
  text: string,
  result: GradingResult | ReviewedAnswer | undefined,
): HTMLElement {
  const evidence = result?.status === 'graded' ? (result.criteria ?? []).flatMap((each) => each.evidence ?? []) : [];
  const answer = createElement('blockquote', { part: 'answer' }, ...marked(text, evidence));
  answer.setAttribute('aria-label', labels.yourAnswer);
  return createElement(
    'article',
    { part: 'card', class: 'card' },
    ...(result ? verdictOf(labels, result) : []),
    answer,
    ...(result ? commentsOn(labels, result) : []),
  );
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

const CSS = `${BASE_CSS}
.card {
  background: var(--surface); color: var(--text); border: 1px solid var(--line); display: grid; gap: 0.75rem;
  border-radius: var(--grading-metrics-radius, 14px); padding: 1.25rem; overflow-wrap: anywhere;
}
p, dl, dd, blockquote { margin: 0; }
[part=verdict] { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; }
.right strong { color: var(--accent); }
.wrong strong, .note { color: var(--warn); }
.failed { color: var(--bad); font-weight: 600; }
blockquote { border-inline-start: 3px solid var(--line); padding-inline-start: 0.75rem; white-space: pre-wrap; }
mark { background: none; color: inherit; text-decoration: underline 2px var(--accent); text-underline-offset: 0.2em; font-weight: 600; }
dl { display: grid; gap: 0.25rem; font-size: 0.875rem; }
dl div { display: flex; justify-content: space-between; gap: 1rem; border-top: 1px solid var(--line); padding-top: 0.25rem; }
dt { color: var(--muted); }
`;

/** The style sheet of `<graded-answer>`. */
export const sheet: () => CSSStyleSheet = lazySheet(CSS);
