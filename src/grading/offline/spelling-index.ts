import { antonymsOf } from './antonyms.js';
import type { Token } from './tokenise.js';
import { wordSimilarity } from './word-similarity.js';

/** Words of one text that are compared letter by letter. */
const SPELLING_WORDS = 500;

/**
 * Budget: pairs of words that one answer is compared in, over all model answers; afterwards its spelling counts as it
 * stands. They take a few milliseconds at most.
 */
const MAX_COMPARISONS = 2_000;

/** A word of the answer that may be meant as another one. */
export interface Misspelling {
  /** Above 0. */
  similarity: number;
  token: Token;
}

/**
 * Index of an answer's words by first and last letters. Words that `wordSimilarity` takes for the same share their first
 * two letters, their last two, or, where they are of four or five letters, the first and the last: one slip touches two
 * neighbours at most, and more slips are forgiven only behind the same beginning. Made with the answer's text, so that
 * one budget holds for all its comparisons.
 */
export class SpellingIndex {
  readonly #tokens: readonly Token[];
  readonly #positions = new Map<string, number[]>();
  #comparisonsLeft = MAX_COMPARISONS;

  constructor(tokens: Iterable<Token>) {
    this.#tokens = [...tokens].filter(isSpellable).slice(0, SPELLING_WORDS);
    for (const [position, { text }] of this.#tokens.entries()) {
      for (const name of endsOf(text)) {
        const positions = this.#positions.get(name);
        if (positions === undefined) this.#positions.set(name, [position]);
        else positions.push(position);
      }
    }
  }

  /** The word of the answer most like a wanted one, the first of several; of those that may stand for another word. */
  mostSimilar(wanted: Token, mayStandFor: (token: Token) => boolean): Misspelling | undefined {
    const opposites = antonymsOf(wanted.key);
    let best: (Misspelling & { position: number }) | undefined;
    for (const position of this.#candidates(wanted.text)) {
      const token = this.#tokens[position];
      if (token === undefined || !mayStandFor(token) || opposites.has(token.key)) continue;
      if (this.#comparisonsLeft === 0) break;
      this.#comparisonsLeft -= 1;
      const similarity = wordSimilarity(wanted.text, token.text);
      const isBetter = best === undefined ? similarity > 0 : similarity > best.similarity;
      const isAsGoodButFirst = similarity === best?.similarity && position < best.position;
      if (isBetter || isAsGoodButFirst) best = { similarity, token, position };
    }
    return best;
  }

  /** Positions of the words with the same ends, none once the budget is spent. A word with both ends comes twice. */
  *#candidates(word: string): Generator<number> {
    if (this.#comparisonsLeft === 0) return;
    for (const name of endsOf(word)) yield* this.#positions.get(name) ?? [];
  }
}

/** Function words and numbers are never misspelt words. */
export function isSpellable({ isContent, key }: Token): boolean {
  return isContent && !key.startsWith('#');
}

function endsOf(word: string): readonly string[] {
  if (word.length < 4) return [];
  const ends = [`${word.slice(0, 2)}-`, `-${word.slice(-2)}`];
  if (word.length <= 5) ends.push(`${word.slice(0, 1)}-${word.slice(-1)}`);
  return ends;
}
