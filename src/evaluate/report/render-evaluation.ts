import type { Agreement, Figure } from '../agreement.js';
import type { GraderEvaluation } from '../compare-with-people.js';
import type { MarkedAnswer } from '../marked-answers.js';
import { drawAgreement } from './draw-agreement.js';
import { drawConfusionMatrix } from './draw-confusion-matrix.js';
import { drawReliabilityPlot } from './draw-reliability-plot.js';
import { markup, type Markup } from './markup.js';
import { renderDisagreements } from './render-disagreements.js';
import { renderPage } from './render-page.js';
import { renderRun } from './render-run.js';

/** What the report is about. */
export interface ReportSubject {
  grader: string;
  dataset: string;
  date: Date;
  /** Further sections. */
  more: readonly Markup[];
}

const MEASURES = [
  ['quadraticWeightedKappa', 'Weighted kappa'],
  ['pearson', 'Pearson'],
  ['accuracy', 'Same verdict'],
  ['cohenKappa', 'Cohen’s kappa'],
  ['macroF1', 'Macro-F1'],
  ['rootMeanSquaredError', 'RMSE'],
  ['meanAbsoluteError', 'MAE'],
] as const;

/** The page of an evaluation: its charts, the disagreements and the run. */
export function renderEvaluation(
  evaluation: GraderEvaluation,
  dataset: readonly MarkedAnswer[],
  { grader, dataset: name, date, more }: ReportSubject,
): string {
  return renderPage(
    `${grader} on ${name}`,
    markup`<header>
  <p class="eyebrow">Evaluation of a grader</p>
  <h1>How well does <em>${grader}</em> agree with people?</h1>
  <p class="lead">${verdictOn(evaluation)}</p>
  <p class="meta">${evaluation.answerCount.toLocaleString('en')} answers of ${name} · ${date.toISOString().slice(0, 10)}</p>
</header>
${tiles(evaluation)}
<section class="card" aria-labelledby="agreement-heading">
  <h2 id="agreement-heading">${evaluation.besideHumans ? 'Beside two people' : 'Agreement with a person'}</h2>
  <p class="legend">${legendOf(evaluation)}</p>
  <div class="scroll" tabindex="0" role="group" aria-label="Chart of agreement">${drawAgreement(evaluation)}</div>
  ${figuresTable(evaluation)}
</section>
<div class="pair">
  <section class="card" aria-labelledby="matrix-heading">
    <h2 id="matrix-heading">Mark by mark</h2>
    <p class="note">Each row is a mark that a person gave, and where the grader put those answers. On the diagonal they agree.</p>
    ${drawConfusionMatrix(evaluation.confusion)}
  </section>
  ${reliabilityCard(evaluation)}
</div>
${more}
${renderDisagreements(evaluation, dataset)}
${renderRun(evaluation)}
<footer>${evaluation.warnings.map((warning) => markup`<p>${warning}</p>`)}<p>Lines are ${levelOf(evaluation.agreement)} % bootstrap intervals. Figures hold for answers like these, marked by people like these.</p></footer>`,
  );
}

/** The weighted kappa in a sentence, no surer than its interval. */
function verdictOn({ agreement, besideHumans }: GraderEvaluation): string {
  const { value, interval } = besideHumans?.grader.quadraticWeightedKappa ?? agreement.quadraticWeightedKappa;
  if (value === undefined || interval === undefined) return 'These answers are too few or too alike to tell.';
  const people = besideHumans?.humans.quadraticWeightedKappa.value;
  const own = `Its weighted kappa is ${value.toFixed(2)}, most likely between ${interval.lower.toFixed(2)} and ${interval.upper.toFixed(2)}`;
  if (people === undefined) return `${own}. A second person’s marks would tell how much that is.`;
  const beside = `; two people reach ${people.toFixed(2)} with each other`;
  if (interval.upper < people) return `Less than people agree with each other. ${own}${beside}.`;
  if (interval.lower > people) return `More than people agree with each other. ${own}${beside}.`;
  return `About as well as people agree with each other, as far as these answers can tell. ${own}${beside}.`;
}

function tiles({ agreement, reliability, failedCount, needsReviewCount, answerCount }: GraderEvaluation): Markup {
  const share = (count: number): string => (answerCount === 0 ? '–' : `${((count / answerCount) * 100).toFixed(1)} %`);
  return markup`<ul class="tiles">
    ${tile('Weighted kappa', shown(agreement.quadraticWeightedKappa.value), rangeOf(agreement.quadraticWeightedKappa))}
    ${tile('Same verdict', percent(agreement.accuracy.value), rangeOf(agreement.accuracy, percent))}
    ${tile('Confidence off by', percent(reliability?.expectedCalibrationError.value), reliability ? rangeOf(reliability.expectedCalibrationError, percent) : 'no grade carries a confidence')}
    ${tile('Sent to review', share(needsReviewCount), `${needsReviewCount} of ${answerCount}`)}
    ${tile('Not graded', share(failedCount), `${failedCount} of ${answerCount}, in no figure`)}
  </ul>`;
}

function tile(label: string, value: string, note: string): Markup {
  return markup`<li><span class="tile-label">${label}</span><strong>${value}</strong><span class="tile-note">${note}</span></li>`;
}

function legendOf({ besideHumans, needsReviewCount }: GraderEvaluation): Markup {
  const people =
    besideHumans &&
    markup`<span class="key people"><i></i>two people, on ${besideHumans.humans.count} answers that both marked</span>`;
  const hollow =
    needsReviewCount > 0
      ? markup`<span class="key hollow"><i></i>the grader without what it sends to review</span>`
      : undefined;
  return markup`<span class="key grader"><i></i>the grader</span>${people}${hollow}`;
}

function figuresTable({ agreement, withoutReview, besideHumans }: GraderEvaluation): Markup {
  const columns: readonly (readonly [string, Agreement])[] = [
    ['Grader', agreement],
    ['Without review', withoutReview],
    ...(besideHumans === undefined
      ? []
      : ([
          ['Grader, same answers', besideHumans.grader],
          ['Two people', besideHumans.humans],
        ] as const)),
  ];
  return markup`<details><summary>All figures as a table</summary><div class="scroll" tabindex="0" role="group" aria-label="Table of figures"><table>
    <thead><tr><th scope="col">Measure</th>${columns.map(([label, { count }]) => markup`<th scope="col">${label}<small>${count} answers</small></th>`)}</tr></thead>
    <tbody>${MEASURES.map(([name, label]) => markup`<tr><th scope="row">${label}</th>${columns.map(([, each]) => markup`<td>${shown(each[name].value)} <small>${rangeOf(each[name])}</small></td>`)}</tr>`)}</tbody>
  </table></div></details>`;
}

function reliabilityCard({ reliability }: GraderEvaluation): Markup {
  const plot =
    reliability === undefined
      ? markup`<p class="note">No grade carries a confidence.</p>`
      : drawReliabilityPlot(reliability);
  return markup`<section class="card" aria-labelledby="reliability-heading">
    <h2 id="reliability-heading">What confidence is worth</h2>
    <p class="note">A grade is right where it passes what a person passes. Larger dots stand for more grades.</p>
    ${plot}
  </section>`;
}

function rangeOf({ interval }: Figure, text: (value: number | undefined) => string = shown): string {
  return interval === undefined ? 'not defined' : `${text(interval.lower)} to ${text(interval.upper)}`;
}

function shown(value: number | undefined): string {
  return value?.toFixed(2) ?? '–';
}

function percent(value: number | undefined): string {
  return value === undefined ? '–' : `${(value * 100).toFixed(1)} %`;
}

function levelOf({ accuracy }: Agreement): number {
  return Math.round((accuracy.interval?.level ?? 0.95) * 100);
}
