import type { ScorePair } from './pairs.js';

/** A run of scores that share one fitted value. */
export interface IsotonicBlock {
  lowest: number;
  highest: number;
  value: number;
  weight: number;
}

/**
 * The least-squares fit of the expected marks that never falls as the grader's score rises (isotonic regression by
 * pooling adjacent violators; Barlow et al. 1972). Equal scores share a value.
 */
export function isotonicFit(pairs: readonly ScorePair[]): readonly IsotonicBlock[] {
  const blocks: IsotonicBlock[] = [];
  for (const next of blocksByScore(pairs)) {
    let block = next;
    let previous = blocks.at(-1);
    while (previous !== undefined && previous.value >= block.value) {
      block = pooled(previous, block);
      blocks.pop();
      previous = blocks.at(-1);
    }
    blocks.push(block);
  }
  return blocks;
}

function blocksByScore(pairs: readonly ScorePair[]): readonly IsotonicBlock[] {
  const blocks: IsotonicBlock[] = [];
  for (const { actual, expected } of pairs.toSorted((left, right) => left.actual - right.actual)) {
    const block = { lowest: actual, highest: actual, value: expected, weight: 1 };
    const previous = blocks.at(-1);
    if (previous?.highest === actual) blocks[blocks.length - 1] = pooled(previous, block);
    else blocks.push(block);
  }
  return blocks;
}

function pooled(left: IsotonicBlock, right: IsotonicBlock): IsotonicBlock {
  const weight = left.weight + right.weight;
  const value = left.value + ((right.value - left.value) * right.weight) / weight;
  return { lowest: left.lowest, highest: right.highest, value, weight };
}
