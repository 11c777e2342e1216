import type { Disagreement } from '../marked-answers.js';
import { shown } from './draw-confusion-matrix.js';
import { diamond } from './draw-agreement.js';
import { markup, type Markup } from './markup.js';

const WIDTH = 260;
const x = (score: number): number => 12 + score * (WIDTH - 24);

/** Both marks on one line, and how far they are apart. */
export function drawDisagreement({ expected, actual }: Disagreement): Markup {
  const label = `A person gave ${shown(expected)}, the grader ${shown(actual)}`;
  return markup`<svg class="chart distance" viewBox="0 0 ${WIDTH} 46" role="img" aria-label="${label}">
    <line class="grid" x1="${x(0)}" x2="${x(1)}" y1="15" y2="15" />
    <line class="between" x1="${x(expected)}" x2="${x(actual)}" y1="15" y2="15" />
    <g class="people">${diamond(x(expected), 15)}</g>
    <g class="grader"><circle cx="${x(actual)}" cy="15" r="6.5" /></g>
    ${markText(expected, expected <= actual, 'people', 'person')}
    ${markText(actual, actual < expected, 'grader', 'grader')}
  </svg>`;
}

/** The lower mark on the left, the higher one on the right, wherever they lie. */
function markText(score: number, isLower: boolean, who: string, name: string): Markup {
  const [at, anchor] = isLower ? [4, 'start'] : [WIDTH - 4, 'end'];
  return markup`<text class="value small ${who}" x="${at}" y="40" text-anchor="${anchor}">${name} ${shown(score)}</text>`;
}
