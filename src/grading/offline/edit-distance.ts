/**
 * The least number of single-letter insertions, deletions, replacements and swaps of neighbours that turn one word
 * into the other (optimal string alignment), or `limit + 1` as soon as it must be more than `limit`.
 *
 * Ukkonen's band: cells further than `limit` from the diagonal cost more than `limit`, so a row has at most
 * `2 * limit + 1` of them, and the time grows with the words' lengths and not with their product.
 *
 * @param limit At most 100.
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  const band: Band = { left, right, limit };
  let beforeLast = firstRow(band);
  let last = firstRow(band);
  let next = firstRow(band);
  for (let row = 1; row <= left.length; row += 1) {
    if (fillRow(band, row, next, last, beforeLast) > limit) return limit + 1;
    // Three rows take turns.
    [beforeLast, last, next] = [last, next, beforeLast];
  }
  return Math.min(last[right.length] ?? Infinity, limit + 1);
}

interface Band {
  left: string;
  right: string;
  limit: number;
}

function firstRow({ right, limit }: Band): Uint8Array {
  const row = new Uint8Array(right.length + 1).fill(limit + 1);
  for (let column = 0; column <= Math.min(limit, right.length); column += 1) row[column] = column;
  return row;
}

/** Fills the band of a row and returns the least of its cells; cells outside it are more than the limit. */
function fillRow(
  { left, right, limit }: Band,
  row: number,
  next: Uint8Array,
  last: Uint8Array,
  beforeLast: Uint8Array,
): number {
  const tooMuch = limit + 1;
  const from = Math.max(1, row - limit);
  const to = Math.min(right.length, row + limit);
  const before = from === 1 ? Math.min(row, tooMuch) : tooMuch;
  next[from - 1] = before;
  if (to < right.length) next[to + 1] = tooMuch;
  let [least, beside] = [before, before];
  for (let column = from; column <= to; column += 1) {
    const replaced = (last[column - 1] ?? tooMuch) + (left[row - 1] === right[column - 1] ? 0 : 1);
    const swapped = isSwap(left, right, row, column) ? (beforeLast[column - 2] ?? tooMuch) + 1 : tooMuch;
    beside = Math.min((last[column] ?? tooMuch) + 1, beside + 1, replaced, swapped, tooMuch);
    next[column] = beside;
    least = Math.min(least, beside);
  }
  return least;
}

function isSwap(left: string, right: string, row: number, column: number): boolean {
  return row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
}
