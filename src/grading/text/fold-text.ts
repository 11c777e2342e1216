import { rememberLast } from './memoize.js';

// Here and not from a file of its own, which would cost the rules a chunk more.
const NOT_ASCII = /[^\0-\x7f]/;
// Zero-width characters and direction marks. The two overrides (U+202D, U+202E) stay: they change what a reader sees.
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202c\u2060-\u2069\ufeff]|\p{Variation_Selector}/gu;
const SINGLE_QUOTES = /[\u2018-\u201b\u2032\u02b9\u02bc\u00b4`]/g;
const DOUBLE_QUOTES = /[\u201c-\u201f\u2033\u00ab\u00bb\u2039\u203a]/g;
const RAISED =
  /[\u00b2\u00b3\u00b9\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d2e\u1d30-\u1d3a\u1d3c-\u1d4d\u1d4f-\u1d61\u2070\u2071\u2074-\u207f]+/g;
const LOWERED_AFTER_DIGIT = /(\d)([\u2080-\u208e]+)/g;
const FRACTION_AFTER_DIGIT = /(\d)([\u00bc-\u00be\u2150-\u215e])/g;
const DASHES = /[\u2010-\u2013\u2212]/g;
const SLASHES = /[\u2044\u2215]/g;
// Normalising sorts combining marks in quadratic time. Unicode's stream-safe format stops at 30 in a row, so do we.
const UNSAFE_MARKS = /[\p{M}\u0e33\u0eb3\uff9e\uff9f]{31}/u;
// Nobody compares longer texts word for word, and some characters become eighteen when normalised.
const LONGEST_FOLDED = 20_000;

/**
 * Makes texts that a reader would call the same equal: NFKC, case (unless it counts), white space, kinds of quotes and
 * dashes, and quotes, full stops and the like around the whole. Keeps what carries meaning: `C++`, `!x`, `-5`, `.NET`,
 * accents, brackets, and raised figures, which become `^2`. A text of more than 20,000 characters is only trimmed.
 */
export function foldText(text: string, { caseSensitive }: { caseSensitive: boolean }): string {
  return caseSensitive ? foldWithCase(text) : foldWithoutCase(text);
}

const foldWithCase = rememberLast((text) => foldIn(text, (normal) => normal));
const foldWithoutCase = rememberLast((text) => foldIn(text, (normal) => normal.toLowerCase()));

/** A folded text without the `!` or `?` after its last word; `5!`, `n!` and `x?` stay as they are. */
export function withoutEmphasis(folded: string): string {
  const end = lastIndexBefore(folded, (character) => character === '!' || character === '?');
  const stem = folded.slice(0, end).trimEnd();
  return /\p{L}{2}$/u.test(stem.slice(-4)) ? stem : folded;
}

function foldIn(text: string, inCase: (normal: string) => string): string {
  const isPlain = !NOT_ASCII.test(text);
  const visible = (isPlain ? text : text.replace(INVISIBLE, '')).trim();
  if (visible.length > LONGEST_FOLDED) return visible;
  // Of all that is made equal, ASCII has only the accent that stands for a quote.
  const normal = isPlain ? visible.replaceAll('`', "'") : normalise(withPlainQuotes(visible));
  // Single spaces, which most are, stay untouched.
  const spaced = inCase(normal)
    .replace(/[^\S ]|\s\s+/g, ' ')
    .trim();
  return withoutSurroundings(spaced) || spaced;
}

function withPlainQuotes(text: string): string {
  return text.replace(SINGLE_QUOTES, "'").replace(DOUBLE_QUOTES, '"');
}

function normalise(text: string): string {
  const marked = text
    .replace(RAISED, '^$&')
    .replace(LOWERED_AFTER_DIGIT, '$1_$2')
    .replace(FRACTION_AFTER_DIGIT, '$1 $2');
  const normal = UNSAFE_MARKS.test(marked) ? marked : marked.normalize('NFKC');
  return withPlainQuotes(normal).replace(DASHES, '-').replace(SLASHES, '/');
}

function withoutSurroundings(text: string): string {
  let inner = text;
  for (;;) {
    const unquoted = withoutQuotes(inner);
    const stripped = unquoted.slice(0, lastIndexBefore(unquoted, isStop)).replace(/^[¿¡\s]+/, '');
    if (stripped === inner) return inner;
    inner = stripped;
  }
}

function withoutQuotes(text: string): string {
  const quote = text.charAt(0);
  const isQuoted = (quote === "'" || quote === '"') && text.length > 1 && text.indexOf(quote, 1) === text.length - 1;
  return isQuoted ? text.slice(1, -1) : text;
}

function isStop(character: string, previous: string): boolean {
  return ' .,;。'.includes(character) || (character === ':' && /[\p{L}\p{N}]/u.test(previous));
}

/** Where the run of matching characters at the end of the text begins. */
function lastIndexBefore(text: string, matches: (character: string, previous: string) => boolean): number {
  let end = text.length;
  while (end > 0 && matches(text.charAt(end - 1), text.charAt(end - 2))) end -= 1;
  return end;
}
