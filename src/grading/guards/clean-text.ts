import { DEFAULT_MAX_ANSWER_CHARACTERS } from '../../contract/question.js';
import { isAscii } from '../text/is-ascii.js';
import { withoutExcessMarks } from '../text/excess-marks.js';
import { stripHidden, type StrippedText } from './strip-hidden.js';

/** A learner's text as a model may read it. */
export interface CleanedText {
  text: string;
  /** `answer_truncated`, `hidden_characters` */
  flags: readonly string[];
}

/** Composing can make a text shorter, at most about this many times. */
const LONGEST_COMPOSITION = 4;
/** Marks that a cut may leave to be composed: beyond them, a longer text begins the same. */
const COMPOSED_LATER = 100;

/**
 * What NFKC would rob of its meaning, and which stays: raised and lowered characters (x², H₂O), fractions (2½ would read
 * 21/2), accents that stand alone (don´t), signs of sets of numbers (ℝ), trade marks, circled numbers (①② would read
 * 12), units in one character (㎡), single letters of Korean, vowels of Thai and Lao.
 */
const MEANINGFUL = [
  String.raw`\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf\u2070-\u209c\u2c7c\u2c7d`,
  String.raw`\u00bc-\u00be\u2150-\u215f\u2189`,
  String.raw`\u00a8\u00af\u00b4\u00b8\u02d8-\u02dd\u2017\u203e\u309b\u309c`,
  String.raw`\u2102\u210d\u2115\u2119\u211a\u211d\u2124\u2120\u2122\u2460-\u2473\u24ea\u3371-\u33df`,
  String.raw`\u3131-\u318e\uffa0-\uffdc\u0e33\u0eb3`,
].join('');
const NORMALISED = new RegExp(`[^${MEANINGFUL}]+`, 'gu');

/**
 * Writes the model's copy of a learner's text: well-formed, in compatibility form (NFKC) save for what that would rob
 * of its meaning, without control, direction, tag and other invisible characters that no script needs, and cut at
 * `maxCharacters`. Cleaning a cleaned text changes nothing. Takes time in proportion to the text.
 */
export function cleanText(text: string, maxCharacters: number = DEFAULT_MAX_ANSWER_CHARACTERS): CleanedText {
  const stripped = stripHidden(text);
  const { normal, isWhole } = normalisedHead(stripped.text, maxCharacters);
  const isCut = normal.length > maxCharacters || !isWhole;
  return { text: isCut ? cutAt(normal, maxCharacters) : normal, flags: flagsFor(stripped, isCut) };
}

/** No more of a text than is needed: compatibility forms can grow it eighteenfold, and composing can shrink it. */
function normalisedHead(text: string, maxCharacters: number): { normal: string; isWhole: boolean } {
  const short = text.slice(0, maxCharacters + COMPOSED_LATER);
  const normal = normalised(short);
  if (short.length === text.length || normal.length > maxCharacters + COMPOSED_LATER) {
    return { normal, isWhole: short.length === text.length };
  }
  const head = text.slice(0, maxCharacters * LONGEST_COMPOSITION);
  return { normal: normalised(head), isWhole: head.length === text.length };
}

function normalised(text: string): string {
  if (isAscii(text)) return text;
  const composed = withoutExcessMarks(text).replace(NORMALISED, (part) => part.normalize('NFKC'));
  const normal = withoutExcessMarks(composed);
  if (normal === text) return normal;
  // Whether a script needs a joiner depends on the letters around it, which may be others now; and where one goes, more
  // may compose. Each turn makes the text shorter.
  const visible = stripHidden(normal).text;
  return visible === normal ? normal : normalised(visible);
}

/** Never inside a character or a sequence of joined ones. */
function cutAt(text: string, maxCharacters: number): string {
  const cut = text.slice(0, maxCharacters);
  return stripHidden(cut.isWellFormed() ? cut : cut.slice(0, -1)).text;
}

function flagsFor({ isSuspicious }: StrippedText, isCut: boolean): readonly string[] {
  return [...(isCut ? ['answer_truncated'] : []), ...(isSuspicious ? ['hidden_characters'] : [])];
}
