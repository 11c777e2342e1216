import type { CassetteEntry, Json } from './cassette.js';
import { lineDiff } from './line-diff.js';

/** Longer differences are cut. */
const MAX_LINES = 40;

/** Says how a call differs from the recorded one that is most like it. */
export function mismatchMessage(request: Json, entries: readonly CassetteEntry[]): string {
  const lines = linesOf(request);
  const differences = entries.map((entry) => lineDiff(linesOf(entry.request), lines));
  const nearest = differences.toSorted((first, second) => first.length - second.length)[0];
  if (nearest === undefined) return 'no recorded call matches this one: the cassette is empty';
  const shown = nearest.slice(0, MAX_LINES);
  const rest = nearest.length > MAX_LINES ? [`and ${nearest.length - MAX_LINES} more lines`] : [];
  const place = `entry ${differences.indexOf(nearest) + 1} of ${entries.length}`;
  return [`no recorded call matches this one. Against the nearest, ${place}:`, ...shown, ...rest].join('\n');
}

function linesOf(request: Json): string[] {
  return JSON.stringify(request, null, 1)
    .split('\n')
    .map((line) => line.trim());
}
