import { isAscii } from '../text/is-ascii.js';

/** Which of some expressions a text may match: a bit each, the lowest for the first. */
export type PossibleMatches = (text: string) => number;

const GROUP = '(?:';
/** What comes after a word that an expression has to the end. */
const END_OF_WORD = /^(?:\\[bW+]| )(?!\?)/;

/** In other alphabets nothing is told by how words begin. */
const EVERYTHING = -1;

const FIGURES = '0123456789';
const SYMBOLS = `${FIGURES}abcdefghijklmnopqrstuvwxyz`;
/** By ASCII code: the place among the symbols, -1 for what parts words. */
const PLACES = Int8Array.from({ length: 128 }, (_, code) => SYMBOLS.indexOf(String.fromCharCode(code)));

/** Where a search for words is: at the beginning of one, or in one that begins like none of them. */
const ROOT = 0;
const ASTRAY = -1;

/** Letters and figures that words begin with, or are. */
interface Beginning {
  readonly symbols: string;
  readonly isWholeWord: boolean;
  readonly bit: number;
}

/** A tree of beginnings, as tables: nodes in order of their making. */
interface BeginningTree {
  /** By node and place of the next symbol; `ROOT` where none leads. */
  readonly next: Uint16Array;
  /** By node: whose beginning it is. */
  readonly begun: Int32Array;
  /** By node: whose whole word it is. */
  readonly ended: Int32Array;
}

/**
 * Judges texts in plain letters by how their words begin. That costs much less than to try every expression, and most
 * texts can match none of them.
 *
 * @param expressions At most 31, of alternatives that begin with the beginning of a word. `undefined` matches nothing.
 */
export function possibleMatches(expressions: readonly (string | undefined)[]): PossibleMatches {
  const { next, begun, ended } = treeOf(
    expressions.flatMap((expression, index) => (expression === undefined ? [] : beginnings(expression, 1 << index))),
  );
  return (text) => {
    let bits = begun[ROOT] ?? 0;
    let node = ROOT;
    for (let at = 0; at < text.length; at++) {
      const place = PLACES[text.charCodeAt(at)];
      if (place === undefined) return EVERYTHING;
      if (place < 0) {
        if (node > ROOT) bits |= ended[node] ?? 0;
        node = ROOT;
      } else if (node !== ASTRAY) {
        node = next[node * SYMBOLS.length + place] || ASTRAY;
        if (node > ROOT) bits |= begun[node] ?? 0;
      }
    }
    return node > ROOT ? bits | (ended[node] ?? 0) : bits;
  };
}

function treeOf(all: readonly Beginning[]): BeginningTree {
  const mostNodes = all.reduce((sum, { symbols }) => sum + symbols.length, 1);
  const next = new Uint16Array(mostNodes * SYMBOLS.length);
  const begun = new Int32Array(mostNodes);
  const ended = new Int32Array(mostNodes);
  let nodes = 1;
  for (const { symbols, isWholeWord, bit } of all) {
    let node = ROOT;
    for (const symbol of symbols) {
      const at = node * SYMBOLS.length + SYMBOLS.indexOf(symbol);
      next[at] ||= nodes++;
      node = next[at] ?? ROOT;
    }
    const bits = isWholeWord ? ended : begun;
    bits[node] = (bits[node] ?? 0) | bit;
  }
  return { next, begun, ended };
}

/** How the words begin that an expression matches, in ASCII. */
function beginnings(expression: string, bit: number): readonly Beginning[] {
  return alternatives(expression).flatMap((alternative) => {
    if (!alternative.startsWith(GROUP)) return beginning(alternative, bit);
    const end = endOfGroup(alternative);
    const inGroup = beginnings(alternative.slice(GROUP.length, end), bit);
    const rest = alternative.slice(end + 1);
    return rest.startsWith('?') ? [...inGroup, ...beginnings(rest.slice(1), bit)] : inGroup;
  });
}

/** Its first letters, as far as they must be there; any figure, if it begins with one. */
function beginning(alternative: string, bit: number): readonly Beginning[] {
  if (/^\(?\\d/.test(alternative)) return Array.from(FIGURES, (symbols) => ({ symbols, isWholeWord: false, bit }));
  const letters = /^[\p{L}\p{N}]*/u.exec(alternative)?.[0] ?? '';
  if (!isAscii(letters)) return [];
  const rest = alternative.slice(letters.length);
  const symbols = /^[?*{]/.test(rest) ? letters.slice(0, -1) : letters;
  return [{ symbols, isWholeWord: END_OF_WORD.test(rest), bit }];
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
