import type { Agreement, Figure } from '../agreement.js';
import type { GraderEvaluation } from '../compare-with-people.js';
import { markup, type Markup } from './markup.js';

/** The measures on one scale, by what they are called in the report. */
const MEASURES = [
  ['quadraticWeightedKappa', 'Weighted kappa', 'marks on the scale, beyond chance'],
  ['pearson', 'Pearson', 'marks rise and fall together'],
  ['accuracy', 'Same verdict', 'pass or fail as a person says'],
  ['cohenKappa', 'Cohen’s kappa', 'pass or fail, beyond chance'],
  ['macroF1', 'Macro-F1', 'passes and fails count alike'],
] as const;

const ROW_HEIGHT = 58;
const TOP = 26;
const LEFT = 232;
const WIDTH = 900;
const RIGHT = 96;

/** A dot and its interval per measure: the grader, and people beside it where two marked the same answers. */
export function drawAgreement({ agreement, withoutReview, besideHumans }: GraderEvaluation): Markup {
  const grader = besideHumans?.grader ?? agreement;
  const lowest = Math.min(0, ...MEASURES.map(([name]) => grader[name].interval?.lower ?? 0));
  const from = Math.floor(lowest * 4) / 4;
  const x = (value: number): number => LEFT + ((value - from) / (1 - from)) * (WIDTH - LEFT - RIGHT);
  const height = TOP + MEASURES.length * ROW_HEIGHT + 6;
  return markup`<svg class="chart agreement" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="agreement-title agreement-text">
    <title id="agreement-title">Agreement with people, per measure</title>
    <desc id="agreement-text">${inWords(grader, besideHumans?.humans)}</desc>
    ${ticksFrom(from).map((tick) => gridLine(x(tick), tick, height))}
    ${MEASURES.map(([name, label, meaning], index) => {
      const y = TOP + (index + 0.5) * ROW_HEIGHT;
      const humans = besideHumans?.humans[name];
      return markup`<g>
        <text class="label" x="0" y="${y - 2}">${label}</text>
        <text class="hint" x="0" y="${y + 15}">${meaning}</text>
        ${humans && whisker(humans, x, y - 9, 'people')}
        ${whisker(grader[name], x, humans === undefined ? y : y + 9, 'grader', withoutReview[name])}
        ${valueText(humans, y - 4, 'people')}
        ${valueText(grader[name], humans === undefined ? y + 5 : y + 14, 'grader')}
      </g>`;
    })}
  </svg>`;
}

function ticksFrom(from: number): readonly number[] {
  return Array.from({ length: Math.round((1 - from) * 4) + 1 }, (_, index) => from + index / 4);
}

function gridLine(x: number, tick: number, height: number): Markup {
  const anchor = markup`<text class="tick" x="${x}" y="14" text-anchor="middle">${tick}</text>`;
  return markup`<line class="${tick === 0 ? 'grid zero' : 'grid'}" x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${height - 6}" />${anchor}`;
}

function whisker(figure: Figure, x: (value: number) => number, y: number, who: string, hollow?: Figure): Markup {
  const { value, interval } = figure;
  if (value === undefined) return markup``;
  const range =
    interval && markup`<line class="range" x1="${x(interval.lower)}" x2="${x(interval.upper)}" y1="${y}" y2="${y}" />`;
  const other =
    hollow?.value === undefined ? undefined : markup`<circle class="hollow" cx="${x(hollow.value)}" cy="${y}" r="5" />`;
  return markup`<g class="${who}">${range}${other}${who === 'people' ? diamond(x(value), y) : markup`<circle cx="${x(value)}" cy="${y}" r="6.5" />`}</g>`;
}

/** A different shape as well: colour alone tells some readers nothing. */
export function diamond(x: number, y: number): Markup {
  return markup`<path d="M${x - 7.5} ${y} L${x} ${y - 7.5} L${x + 7.5} ${y} L${x} ${y + 7.5} Z" />`;
}

function valueText(figure: Figure | undefined, y: number, who: string): Markup | undefined {
  if (figure === undefined) return undefined;
  return markup`<text class="value ${who}" x="${WIDTH}" y="${y}" text-anchor="end">${figure.value?.toFixed(2) ?? '–'}</text>`;
}

function inWords(grader: Agreement, humans: Agreement | undefined): string {
  const parts = MEASURES.map(([name, label]) => {
    const people = humans === undefined ? '' : `, two people ${humans[name].value?.toFixed(2) ?? 'not defined'}`;
    return `${label}: grader ${grader[name].value?.toFixed(2) ?? 'not defined'}${people}`;
  });
  return `${parts.join('. ')}.`;
}
