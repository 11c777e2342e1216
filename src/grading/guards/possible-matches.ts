import { isAscii } from '../is-ascii.js';
import { remember } from '../remember.js';

/** Which of some expressions a text may match: a bit each, the lowest for the first. */
export type PossibleMatches = (text: string) => number;

const GROUP = '(?:';
/** What comes after a word that an expression has to the end. */
const END_OF_WORD = /^(?:\\[bW+]| )(?!\?)/;

// Here and not with `rememberLast`, which would cost the rules a chunk more.
/** The words of the last text: several look at one in turn. */
let last: { text: string; words: readonly string[] } = { text: '', words: [] };

/** The words of a text in ASCII and lower case. */
export function asciiWords(text: string): readonly string[] {
  if (last.text !== text) last = { text, words: text.match(/[a-z0-9]+/g) ?? [] };
  return last.words;
}

/** One figure more than any number in the expressions has: numbers seldom come again, their beginnings do. */
const LONGEST_NUMBER = 4;

/** In other alphabets nothing is told by how words begin. */
const EVERYTHING = -1;

/**
 * Judges texts in plain letters by how their words begin. That costs much less than to try every expression, and most
 * texts can match none of them.
 *
 * @param expressions At most 31, of alternatives that begin with the beginning of a word. `undefined` matches nothing.
 */
export function possibleMatches(expressions: readonly (string | undefined)[]): PossibleMatches {
  const patterns = expressions.map((expression) =>
    expression === undefined ? /(?!)/ : new RegExp(`^(?:${beginnings(expression).join('|')})`, 'u'),
  );
  const matchesOf = remember((word) => ({
    bits: patterns.reduce((bits, pattern, index) => (pattern.test(word) ? bits | (1 << index) : bits), 0),
  }));
  return (text) => {
    if (!isAscii(text)) return EVERYTHING;
    let bits = 0;
    for (const word of asciiWords(text)) bits |= matchesOf(isNumber(word) ? word.slice(0, LONGEST_NUMBER) : word).bits;
    return bits;
  };
}

/** Figures come before letters. */
function isNumber(word: string): boolean {
  return word < ':';
}

/** How the words begin that an expression matches. */
function beginnings(expression: string): readonly string[] {
  return alternatives(expression).flatMap((alternative) => {
    if (!alternative.startsWith(GROUP)) return beginning(alternative);
    const end = endOfGroup(alternative);
    const inGroup = beginnings(alternative.slice(GROUP.length, end));
    const rest = alternative.slice(end + 1);
    return rest.startsWith('?') ? [...inGroup, ...beginnings(rest.slice(1))] : inGroup;
  });
}

/** Its first letters, as far as they must be there; any figure, if it begins with one. */
function beginning(alternative: string): string {
  if (/^\(?\\d/.test(alternative)) return String.raw`\d`;
  const letters = /^[\p{L}\p{N}]*/u.exec(alternative)?.[0] ?? '';
  const rest = alternative.slice(letters.length);
  if (END_OF_WORD.test(rest)) return `${letters}$`;
  return /^[?*{]/.test(rest) ? letters.slice(0, -1) : letters;
}

function alternatives(expression: string): readonly string[] {
  const found = [''];
  let depth = 0;
  for (const character of expression) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === '|' && depth === 0) found.push('');
    else found.push(`${found.pop() ?? ''}${character}`);
  }
  return found;
}

function endOfGroup(alternative: string): number {
  let depth = 0;
  return Array.from(alternative).findIndex((character) => {
    if (character === '(') depth++;
    if (character === ')') depth--;
    return depth === 0;
  });
}
