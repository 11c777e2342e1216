import { isAscii } from '../text/is-ascii.js';
import { withoutExcessMarks } from '../text/excess-marks.js';
import type { TextProfile } from './text-profile.js';

/** Longer texts are compared by their beginning only, which keeps the time for hostile input bounded. */
export const COMPARED_CHARACTERS = 20_000;

const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;
const LATIN_ACCENTS = /[\u0300-\u036F]/g;
const RAISED_FIGURES = /[\u00B2\u00B3\u00B9\u2070-\u2079]+/g;
const MINUS = /\u2212/g;
const MAY_BE_CONTRACTED = /'|nt\b|cannot/;
const QUOTES = /[\u2018\u2019\u02BC\u0060\u00B4]/g;

/** Brings spellings of the same text together: width, case, accents, quotation marks, contractions, invisible marks. */
export function normaliseText(text: string, profile: TextProfile): string {
  const head = text.slice(0, COMPARED_CHARACTERS);
  if (isAscii(head)) return profile === 'symbols' ? head : expandContractions(head.toLowerCase().replaceAll('`', "'"));
  const readable = withoutExcessMarks(head.replace(INVISIBLE, '')).replace(RAISED_FIGURES, ' $&');
  const visible = readable.normalize('NFKC').replace(MINUS, '-');
  // Compatibility forms can grow a text eighteenfold.
  const capped = withoutExcessMarks(visible.slice(0, COMPARED_CHARACTERS));
  return profile === 'symbols' ? capped : expandContractions(foldLetters(capped));
}

function foldLetters(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(LATIN_ACCENTS, '').normalize('NFC').replace(QUOTES, "'");
}

/** Learners drop the apostrophe, so "dont" counts as "don't". */
function expandContractions(text: string): string {
  if (!MAY_BE_CONTRACTED.test(text)) return text;
  return text
    .replace(/\b(?:can'?t|cannot)\b/g, 'can not')
    .replace(/\bwon't\b/g, 'will not')
    .replace(/\b(are|could|did|do|does|had|has|have|is|must|need|should|was|were|would)n'?t\b/g, '$1 not')
    .replace(/'(?:d|ll|m|re|s|ve)\b/g, '');
}
