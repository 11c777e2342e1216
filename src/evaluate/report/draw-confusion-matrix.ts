import type { ConfusionMatrix } from '../confusion-matrix.js';
import { markup, type Markup } from './markup.js';

const LEFT = 74;
const TOP = 62;
const SIZE = 400;
const GAP = 4;

/** Rows are people's marks, columns the grader's: the darker a cell, the more of its row is in it. */
export function drawConfusionMatrix({ levels, counts }: ConfusionMatrix): Markup {
  const cell = SIZE / levels.length;
  const middle = (index: number, start: number): number => start + (index + 0.5) * cell;
  return markup`<svg class="chart matrix" viewBox="0 0 ${LEFT + SIZE} ${TOP + SIZE}" role="img" aria-labelledby="matrix-title matrix-text">
    <title id="matrix-title">Confusion matrix</title>
    <desc id="matrix-text">${inWords(levels, counts)}</desc>
    <text class="axis grader" x="${LEFT + SIZE / 2}" y="16" text-anchor="middle">the grader gave</text>
    <text class="axis people" transform="translate(14 ${TOP + SIZE / 2}) rotate(-90)" text-anchor="middle">a person gave</text>
    ${levels.map(
      (
        level,
        index,
      ) => markup`<text class="tick" x="${middle(index, LEFT)}" y="${TOP - 14}" text-anchor="middle">${shown(level)}</text>
      <text class="tick" x="${LEFT - 14}" y="${middle(index, TOP) + 5}" text-anchor="end">${shown(level)}</text>`,
    )}
    ${counts.map((row, rowIndex) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      return row.map((count, column) => {
        const box = { x: LEFT + column * cell + GAP / 2, y: TOP + rowIndex * cell + GAP / 2, side: cell - GAP };
        return drawCell(box, count, total === 0 ? 0 : count / total, rowIndex === column);
      });
    })}
  </svg>`;
}

function drawCell(
  { x, y, side }: { x: number; y: number; side: number },
  count: number,
  share: number,
  agrees: boolean,
): Markup {
  const depth = share > 0.85 ? 'deep' : share > 0.58 ? 'mid' : 'pale';
  const middle = { x: x + side / 2, y: y + side / 2 };
  const size = Math.min(26, side / 3.2);
  const percent =
    side > 70 &&
    count > 0 &&
    markup`<text class="share ${depth}" x="${middle.x}" y="${middle.y + size * 0.95}" text-anchor="middle">${share < 0.005 ? 'below 1' : Math.round(share * 100)} %</text>`;
  return markup`<g font-size="${size.toFixed(1)}">
    <rect class="cell ${agrees ? 'agrees' : ''}" x="${x}" y="${y}" width="${side}" height="${side}" rx="8" />
    <rect class="heat" x="${x}" y="${y}" width="${side}" height="${side}" rx="8" fill-opacity="${(share ** 0.8).toFixed(3)}" />
    <text class="count ${count === 0 ? 'none' : depth}" x="${middle.x}" y="${middle.y + (percent === false ? size * 0.35 : size * 0.12)}" text-anchor="middle">${count}</text>
    ${percent === false ? undefined : percent}
  </g>`;
}

/** A scaled score as people write it. */
export function shown(score: number): string {
  return String(Number(score.toFixed(2)));
}

function inWords(levels: readonly number[], counts: ConfusionMatrix['counts']): string {
  const rows = counts.map((row, index) => {
    const cells = row.map((count, column) => `${count} times ${shown(levels[column] ?? 0)}`);
    return `Where a person gave ${shown(levels[index] ?? 0)}, the grader gave ${cells.join(', ')}`;
  });
  return `${rows.join('. ')}.`;
}
