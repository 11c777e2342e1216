import type { MarkedAnswer } from '../marked-answers.js';
import { markup, type Markup } from './markup.js';
import { renderEvaluation } from './render-evaluation.js';
import { renderPage } from './render-page.js';
import { contentsOf, type Reportable, type ReportTable } from './tables.js';

/** What a report does not know of its subject. */
export interface ReportOptions {
  /** Who graded, by whatever name. @default 'the grader' */
  grader?: string | undefined;
  /** What was graded. @default 'these answers' */
  dataset?: string | undefined;
  /** @default now */
  date?: Date | undefined;
  /** The answers of an evaluation, shown beside the grades that are furthest off. @default none */
  answers?: readonly MarkedAnswer[] | undefined;
}

/**
 * A report as one HTML page, to look at or to keep: an evaluation with its charts, a comparison of runs or an audit. It
 * needs nothing else and runs nothing: no script, no font, no picture from anywhere, and a policy that forbids them.
 * Whatever learners and models wrote is escaped.
 *
 * @param subject From `evaluateGrader`, `compareRuns` or `auditGrader`.
 * @param options Names for the heading, and the answers.
 *
 * @example
 * ```ts
 * import { evaluateGrader, toHtml, type MarkedAnswer } from 'gradelanes/evaluate';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const answers: MarkedAnswer[] = [{ question, answer: 'less dense', humanScores: [1] }];
 * const page = toHtml(await evaluateGrader(offlineProvider(), answers), { grader: 'the offline grader', answers });
 * console.log(page.startsWith('<!doctype html>')); // true
 * ```
 */
export function toHtml(subject: Reportable, options: ReportOptions = {}): string {
  const { grader = 'the grader', dataset = 'these answers', date = new Date(), answers = [] } = options;
  if ('agreement' in subject && 'verdicts' in subject) {
    const more = contentsOf(subject).tables.filter(({ heading }) => heading === 'Criteria' || heading === 'Questions');
    return renderEvaluation(subject, answers, { grader, dataset, date, more: more.map(renderTable) });
  }
  const { lead, tables } = contentsOf(subject);
  const heading = 'kinds' in subject ? `Audit of ${grader}` : `${grader}, before and after`;
  return renderPage(
    `${heading} on ${dataset}`,
    markup`<header>
  <h1>${heading}</h1>
  <p class="lead">${lead}</p>
  <p class="meta">${dataset} · ${date.toISOString().slice(0, 10)}</p>
</header>
${tables.map(renderTable)}`,
  );
}

function renderTable({ heading, head, rows }: ReportTable): Markup {
  return markup`<section class="card"><h2>${heading}</h2><div class="scroll" tabindex="0" role="group" aria-label="${heading}"><table>
    <thead><tr>${head.map((each) => markup`<th scope="col">${each}</th>`)}</tr></thead>
    <tbody>${rows.map(([first = '', ...cells]) => markup`<tr><th scope="row">${first}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`)}</tbody>
  </table></div></section>`;
}
