import { remember } from '../text/memoize.js';
import { isFunctionWord } from './function-words.js';
import { normaliseText } from './normalise-text.js';
import { stem } from './stem.js';
import type { TextProfile } from './text-profile.js';

/** The smallest unit that is compared. */
export interface Token {
  /** As it stands in the normalised text. */
  text: string;
  /** Equal for tokens that count as the same: a stem, or a number's value. */
  key: string;
  /** Carries meaning: neither a function word nor punctuation. */
  isContent: boolean;
}

const PROSE_WORD = /(?<![\p{L}\p{N}])-\p{N}+(?:[.,]\p{N}+)*|\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{M}\p{N}]+/gu;
const CODE_WORD = /[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu;
const WRITTEN_WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** Without "one", which is a pronoun more often than a number. */
const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ['zero', 0],
  ...'two three four five six seven eight nine ten'.split(' ').map((word, index) => [word, index + 2] as const),
]);

/** The words of a text, normalised, in order. */
export function wordsOf(text: string, profile: TextProfile): readonly string[] {
  return normaliseText(text, profile).match(profile === 'symbols' ? CODE_WORD : PROSE_WORD) ?? [];
}

/** What a profile compares: words by stem, groups of characters, or symbols as they stand. */
export function tokenise(words: readonly string[], profile: TextProfile): readonly Token[] {
  if (profile === 'words') return words.map(proseToken);
  if (profile === 'symbols') return words.map(symbolToken);
  return words.flatMap(characterGroups).map((group) => ({ text: group, key: group, isContent: true }));
}

function proseToken(word: string): Token {
  // Signs and figures come before letters. Figures seldom come again.
  return word < ':' ? tokenOf(word) : knownToken(word);
}

const knownToken = remember(tokenOf);

function tokenOf(word: string): Token {
  const value = numberValue(word);
  return { text: word, key: value === undefined ? stem(word) : `#${value}`, isContent: !isFunctionWord(word) };
}

function numberValue(word: string): number | undefined {
  if (!/^-?\p{Nd}/u.test(word)) return NUMBER_WORDS.get(word);
  const withoutGroups = /,\d{3}(?!\d)/.test(word) ? word.replaceAll(',', '') : word.replace(',', '.');
  const value = Number(withoutGroups);
  return Number.isFinite(value) ? value : undefined;
}

function symbolToken(word: string): Token {
  return { text: word, key: word, isContent: /^[\p{L}\p{N}_]/u.test(word) };
}

function characterGroups(word: string): readonly string[] {
  const characters = Array.from(word);
  const size = WRITTEN_WITHOUT_SPACES.test(word) ? 2 : 3;
  const count = Math.max(1, characters.length - size + 1);
  return Array.from({ length: count }, (_, start) => characters.slice(start, start + size).join(''));
}
