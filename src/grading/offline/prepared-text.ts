import { isNegation } from './function-words.js';
import { SpellingIndex } from './spelling-index.js';
import type { TextProfile } from './text-profile.js';
import { tokenise, wordsOf, type Token } from './tokenise.js';
import { stem } from './stem.js';

/** A text, cut up once for all its comparisons. */
export interface PreparedText {
  profile: TextProfile;
  words: readonly string[];
  /** Distinct tokens by key, in order of first appearance. */
  tokens: ReadonlyMap<string, Token>;
  /** Distinct spellings of the tokens that carry meaning. */
  contentForms: ReadonlySet<string>;
  /** Neighbouring tokens by the key of the word they would make if written together. */
  compounds: ReadonlyMap<string, readonly [Token, Token]>;
  /** Every run of three characters. */
  trigrams: ReadonlySet<string>;
  negationCount: number;
  /** Its words, to be found in other spellings. */
  spellings: SpellingIndex;
}

/**
 * Cuts a text up for comparison. Takes time in proportion to its length, which is capped. All but the tokens is made when
 * it is first asked for: not every comparison comes to that.
 */
export function prepareText(text: string, profile: TextProfile): PreparedText {
  const words = wordsOf(text, profile);
  const tokens = tokenise(words, profile);
  let contentForms: PreparedText['contentForms'] | undefined;
  let compounds: PreparedText['compounds'] | undefined;
  let trigrams: PreparedText['trigrams'] | undefined;
  let spellings: SpellingIndex | undefined;
  return {
    profile,
    words,
    tokens: distinct(tokens),
    get contentForms() {
      return (contentForms ??= new Set(tokens.filter(({ isContent }) => isContent).map((token) => token.text)));
    },
    get compounds() {
      return (compounds ??= profile === 'words' ? compoundsOf(tokens) : new Map());
    },
    get trigrams() {
      return (trigrams ??= trigramsOf(` ${words.join(' ')} `));
    },
    get spellings() {
      return (spellings ??= new SpellingIndex(distinct(tokens).values()));
    },
    get negationCount() {
      return profile === 'words' ? words.filter(isNegation).length : 0;
    },
  };
}

function distinct(tokens: readonly Token[]): ReadonlyMap<string, Token> {
  const byKey = new Map<string, Token>();
  for (const token of tokens) if (!byKey.has(token.key)) byKey.set(token.key, token);
  return byKey;
}

function compoundsOf(tokens: readonly Token[]): ReadonlyMap<string, readonly [Token, Token]> {
  const compounds = new Map<string, readonly [Token, Token]>();
  let previous: Token | undefined;
  for (const token of tokens) {
    if (previous !== undefined) compounds.set(stem(previous.text + token.text), [previous, token]);
    previous = token;
  }
  return compounds;
}

function trigramsOf(text: string): ReadonlySet<string> {
  const trigrams = new Set<string>();
  for (let start = 0; start + 3 <= text.length; start += 1) trigrams.add(text.slice(start, start + 3));
  return trigrams;
}
