import { editDistance } from './edit-distance.js';

const FIVE_LETTERS_ONE_SLIP = 0.88;
const FOUR_LETTERS_ONE_SLIP = 0.8;
const TWO_SLIPS = 0.76;
const SHARED_BEGINNING = 0.75;
/** Longer "words" are no words; comparing them letter by letter would only cost time. */
const LONGEST_WORD = 40;

/**
 * How likely two differently spelt words are meant to be the same, 0..1: one slip from four letters on, two from eight
 * on, or the same beginning.
 */
export function wordSimilarity(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  const longer = Math.max(left.length, right.length);
  if (shorter < 4 || longer > LONGEST_WORD) return 0;
  const beginning = sharedBeginning(left, right);
  // Two slips at the very start make another word: increase/decrease, internal/external.
  const mayHaveTwoSlips = shorter >= 8 && beginning >= 3;
  // One slip touches two neighbouring letters at most; this spares most words the distance.
  const mayHaveOneSlip = beginning + sharedEnd(left, right) >= longer - 2;
  const slips = mayHaveTwoSlips || mayHaveOneSlip ? editDistance(left, right, mayHaveTwoSlips ? 2 : 1) : Infinity;
  if (slips <= 1) return shorter >= 5 ? FIVE_LETTERS_ONE_SLIP : FOUR_LETTERS_ONE_SLIP;
  if (slips === 2 && mayHaveTwoSlips) return TWO_SLIPS;
  return beginning >= 5 && beginning >= 0.6 * longer ? SHARED_BEGINNING : 0;
}

function sharedBeginning(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}

function sharedEnd(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left.at(-1 - length) === right.at(-1 - length)) length += 1;
  return length;
}
