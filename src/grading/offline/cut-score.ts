import { isKey, type MaterialSource } from './marking-material.js';

/** Best on the training splits of two public sets of short answers; see {@link cutFor}. */
const CUT_FOR_ONE = 0.25;
const CUT_FOR_MANY = 0.65;

/**
 * The similarity from which an answer passes. The best of several comparisons is higher by chance, so the cut rises
 * with the number of model answers: .25 for one, .45 for two, .65 for very many. Keys leave less room for other words
 * than prose: there the highest cut always holds.
 */
export function cutFor(source: MaterialSource, modelAnswerCount: number): number {
  if (isKey(source)) return CUT_FOR_MANY;
  return CUT_FOR_ONE + (CUT_FOR_MANY - CUT_FOR_ONE) * (1 - 1 / modelAnswerCount);
}

/** Stretches similarity to a score on which every cut lies at 0.5: straight lines from 0 to the cut and on to 1. */
export function scoreFromSimilarity(similarity: number, cut: number): number {
  const score = similarity < cut ? (0.5 * similarity) / cut : 0.5 + (0.5 * (similarity - cut)) / (1 - cut);
  return Math.min(1, score);
}
