import type { CassetteEntry, Json } from './cassette.js';

/** Beyond this many pairs of lines, the changed middle is shown as a whole. */
const MAX_PAIRS = 1_000_000;

/** The lines that differ, in order: `- ` before what is only in the first text, `+ ` before what is only in the second. */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly string[] {
  const start = before.findIndex((line, index) => line !== after[index]);
  if (start === -1) return after.slice(before.length).map((line) => `+ ${line}`);
  const shorter = Math.min(before.length, after.length);
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end));
}

function diffMiddle(before: readonly string[], after: readonly string[]): string[] {
  const common = before.length * after.length > MAX_PAIRS ? undefined : commonLengths(before, after);
  const lines: string[] = [];
  let left = 0;
  let right = 0;
  const lengthAt = (row: number, column: number): number => common?.[row]?.[column] ?? 0;
  while (left < before.length || right < after.length) {
    if (common !== undefined && left < before.length && before[left] === after[right]) {
      left += 1;
      right += 1;
    } else if (
      left < before.length &&
      (right === after.length || lengthAt(left + 1, right) >= lengthAt(left, right + 1))
    ) {
      lines.push(`- ${before[left++]}`);
    } else {
      lines.push(`+ ${after[right++]}`);
    }
  }
  return lines;
}

/** The length of the longest common subsequence of what is left from each pair of positions on. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () => Array.from({ length: after.length + 1 }, () => 0));
  for (let left = before.length - 1; left >= 0; left -= 1) {
    const row = lengths[left] ?? [];
    const below = lengths[left + 1] ?? [];
    for (let right = after.length - 1; right >= 0; right -= 1) {
      row[right] =
        before[left] === after[right] ? (below[right + 1] ?? 0) + 1 : Math.max(below[right] ?? 0, row[right + 1] ?? 0);
    }
  }
  return lengths;
}

/** Longer differences are cut. */
const MAX_LINES = 40;

/** So many recorded calls, those with the most lines in common, are compared line by line. */
const MAX_COMPARED = 5;

/** Says how a call differs from the recorded one that is most like it. */
export function mismatchMessage(request: Json, entries: readonly CassetteEntry[]): string {
  const lines = linesOf(request);
  const wanted = new Set(lines);
  const likeness = (recorded: readonly string[]): number => {
    const common = recorded.filter((line) => wanted.has(line)).length;
    return common - (recorded.length - common);
  };
  const candidates = entries
    .map((entry, index) => ({ index, recorded: linesOf(entry.request) }))
    .map((each) => ({ ...each, likeness: likeness(each.recorded) }))
    .toSorted((first, second) => second.likeness - first.likeness)
    .slice(0, MAX_COMPARED)
    .map(({ index, recorded }) => ({ index, difference: lineDiff(recorded, lines) }));
  const nearest = candidates.toSorted((first, second) => first.difference.length - second.difference.length)[0];
  if (nearest === undefined) return 'no recorded call matches this one: the cassette is empty';
  const { index, difference } = nearest;
  const shown = difference.slice(0, MAX_LINES);
  const rest = difference.length > MAX_LINES ? [`and ${difference.length - MAX_LINES} more lines`] : [];
  const place = `entry ${index + 1} of ${entries.length}`;
  return [`no recorded call matches this one. Against the nearest, ${place}:`, ...shown, ...rest].join('\n');
}

function linesOf(request: Json): string[] {
  return JSON.stringify(request, null, 1)
    .split('\n')
    .map((line) => line.trim());
}
