import type { Reliability } from '../compare-with-people.js';
import type { ReliabilityBin } from '../reliability.js';
import { markup, type Markup } from './markup.js';

const LEFT = 58;
const TOP = 16;
const SIZE = 340;
const BARS_TOP = TOP + SIZE + 16;
const BARS_HEIGHT = 44;
const HEIGHT = BARS_TOP + BARS_HEIGHT + 44;

/** A bin with grades in it. */
type FilledBin = ReliabilityBin & { meanConfidence: number; shareCorrect: number };

/** How often grades were right against how sure the grader was: on the line, confidence holds what it says. */
export function drawReliabilityPlot({ bins }: Reliability): Markup {
  const filled = bins.filter(isFilled);
  const most = Math.max(...bins.map(({ count }) => count));
  return markup`<svg class="chart reliability" viewBox="0 0 ${LEFT + SIZE + 12} ${HEIGHT}" role="img" aria-labelledby="reliability-title reliability-text">
    <title id="reliability-title">Reliability of confidence</title>
    <desc id="reliability-text">${filled.map(inWords).join(' ')}</desc>
    <path class="too-sure" d="M${x(0)} ${y(0)} L${x(1)} ${y(1)} L${x(1)} ${y(0)} Z" />
    ${[0, 0.25, 0.5, 0.75, 1].map(gridLines)}
    <line class="ideal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" />
    <text class="hint" transform="translate(${x(0.135)} ${y(0.16)}) rotate(-45)">as sure as right</text>
    <text class="hint" x="${x(0.97)}" y="${y(0.04)}" text-anchor="end">surer than right</text>
    <text class="hint" x="${x(0.03)}" y="${y(0.93)}">more often right than sure</text>
    <polyline class="curve" points="${filled.map((bin) => `${x(bin.meanConfidence)},${y(bin.shareCorrect)}`).join(' ')}" />
    ${filled.map((bin) => drawBin(bin, most))}
    ${bins.map((bin) => drawBar(bin, most))}
    <text class="axis" transform="translate(14 ${TOP + SIZE / 2}) rotate(-90)" text-anchor="middle">share that was right</text>
    <text class="axis" x="${LEFT + SIZE / 2}" y="${HEIGHT - 6}" text-anchor="middle">confidence, and how many grades have it</text>
  </svg>`;
}

function isFilled(bin: ReliabilityBin): bin is FilledBin {
  return bin.meanConfidence !== undefined && bin.shareCorrect !== undefined;
}

function x(confidence: number): number {
  return LEFT + confidence * SIZE;
}

function y(share: number): number {
  return TOP + (1 - share) * SIZE;
}

function gridLines(tick: number): Markup {
  return markup`<line class="grid" x1="${x(0)}" x2="${x(1)}" y1="${y(tick)}" y2="${y(tick)}" />
    <line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${y(0)}" y2="${y(1)}" />
    <text class="tick" x="${LEFT - 10}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>
    <text class="tick" x="${x(tick)}" y="${BARS_TOP + BARS_HEIGHT + 18}" text-anchor="middle">${tick}</text>`;
}

function drawBin(bin: FilledBin, most: number): Markup {
  const [cx, cy] = [x(bin.meanConfidence), y(bin.shareCorrect)];
  const radius = 4 + 10 * Math.sqrt(bin.count / most);
  return markup`<g class="${bin.shareCorrect < bin.meanConfidence ? 'bin over' : 'bin'}">
    <line class="gap" x1="${cx}" x2="${cx}" y1="${y(bin.meanConfidence)}" y2="${cy}" />
    <circle cx="${cx}" cy="${cy}" r="${radius.toFixed(1)}"><title>${inWords(bin)}</title></circle>
  </g>`;
}

function drawBar({ from, to, count }: ReliabilityBin, most: number): Markup {
  const height = (count / most) * BARS_HEIGHT;
  const width = x(to) - x(from) - 3;
  return markup`<rect class="bar" x="${x(from) + 1.5}" y="${BARS_TOP + BARS_HEIGHT - height}" width="${width}" height="${height}" rx="2" />`;
}

function inWords({ from, to, count, shareCorrect }: FilledBin): string {
  return `Confidence ${from.toFixed(2)} to ${to.toFixed(2)}: ${count} grades, ${Math.round(shareCorrect * 100)} % right.`;
}
