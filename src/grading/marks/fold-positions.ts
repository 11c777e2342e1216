/**
 * A text as quotes are compared, and where each of its units came from: `folded[i]` stands for
 * `text.slice(starts[i], ends[i])`, which is always a whole character with its marks.
 */
export interface FoldedPositions {
  readonly folded: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** A character and the marks on it; more than 30 marks are cut off, as sorting them takes quadratic time. */
const CHARACTER = /\P{M}\p{M}{0,30}|\p{M}{1,31}/gu;
const WHITE_SPACE = /[\s\u0085]/;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]|(?![\s\u0085])\p{Cc}/gu;
/** Models put one kind of quotation mark for another, also to spare themselves an escape. */
const QUOTATION_MARKS = /["'`\u00b4\u2018-\u201f\u2032-\u2036\u00ab\u00bb\u2039\u203a\u02b9\u02bc]/g;
const DASHES = /[\u2010-\u2015\u2212]/g;
const LATIN_MARKS = /[\u0300-\u036f]/g;

/**
 * Folds a text for finding quotes in it: compatibility form, case, accents, white space, kinds of quotation marks and
 * dashes, and characters that no reader sees make no difference.
 */
export function foldPositions(text: string): FoldedPositions {
  const starts: number[] = [];
  const ends: number[] = [];
  let folded = '';
  for (const { 0: character, index } of text.matchAll(CHARACTER)) {
    const form = foldCharacter(character);
    const isRepeated = (form === ' ' || form === "'") && folded.endsWith(form);
    if (form === '' || isRepeated || (form === ' ' && folded === '')) continue;
    folded += form;
    for (let unit = 0; unit < form.length; unit++) {
      starts.push(index);
      ends.push(index + character.length);
    }
  }
  return { folded, starts, ends };
}

function foldCharacter(character: string): string {
  const visible = character.replace(INVISIBLE, '');
  if (WHITE_SPACE.test(visible)) return ' ';
  // Lone surrogates read as the replacement character, as models are shown them.
  const plain = visible
    .toWellFormed()
    .replace(QUOTATION_MARKS, "'")
    .normalize('NFKD')
    .replace(LATIN_MARKS, '')
    .toLowerCase();
  return plain.replace(QUOTATION_MARKS, "'").replace(DASHES, '-').replace(/\s+/g, ' ');
}
