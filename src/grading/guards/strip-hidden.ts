/** A text without what no reader sees. */
export interface StrippedText {
  text: string;
  /** More was hidden than copying from a document or writing from right to left leaves behind. */
  isSuspicious: boolean;
}

const LINE_BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
/** Characters of scripts in which U+200C and U+200D say how letters join. Many marks are shared with other scripts. */
const JOINING = 'Arab Syrc Nkoo Mong Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Mymr Khmr Tibt'
  .split(' ')
  .map((script) => String.raw`\p{scx=${script}}`)
  .join('');
const PICTURE = String.raw`\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u{1f300}-\u{1faff}`;

/**
 * A joiner after a letter that joins and its marks (looked for last, so that time stays linear), one between two
 * pictures, the tags that make a flag a region's.
 */
const NEEDED = [
  String.raw`[\u200c\u200d](?<=(?!\p{M})[${JOINING}]\p{M}{0,30}.)`,
  String.raw`(?<=[${PICTURE}]\ufe0f?)\u200d(?=[${PICTURE}])`,
  String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}`,
].join('|');
const HIDDEN = String.raw`\p{Default_Ignorable_Code_Point}\0-\x08\x0e-\x1f\x7f-\x9f\ufff9-\ufffb`;
const INVISIBLE = String.raw`\ufe0f(?=\u200d)|[${HIDDEN}]+`;
/** A text without any of these, as most are, has nothing to take out. */
const TO_STRIP = new RegExp(String.raw`[${HIDDEN}\p{Surrogate}\r\v\f\u2028\u2029]`, 'u');
const ALL_NEEDED = new RegExp(NEEDED, 'gu');
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');
const NEEDED_OR_INVISIBLE = new RegExp(`(${NEEDED})|${INVISIBLE}`, 'gu');

/** Text written backwards, letters as tags, bytes as variation selectors: there to say what no reader sees. */
const TELLING = /[\u202d\u202e\u{e0000}-\u{e007f}]|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2}/u;
/** What word processors, web pages and writing from right to left leave behind. */
const COMMON = /[\u00ad\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069\ufeff]|\ufe0e|\ufe0f/g;
/** So many other invisible characters are no accident. */
const STRAY_LIMIT = 8;

/** Takes out what no reader sees and no script needs. Lone surrogates become U+FFFD, all line breaks line feeds. */
export function stripHidden(text: string): StrippedText {
  if (!TO_STRIP.test(text)) return { text, isSuspicious: false };
  const readable = text.toWellFormed().replace(LINE_BREAKS, '\n');
  const visible = readable.replace(NEEDED_OR_INVISIBLE, '$1');
  const hiddenCount = readable.length - visible.length;
  return { text: visible, isSuspicious: hiddenCount > visible.length + STRAY_LIMIT || hasTellingRuns(readable) };
}

function hasTellingRuns(text: string): boolean {
  const runs = text.replace(ALL_NEEDED, '').match(ALL_INVISIBLE)?.join(' ') ?? '';
  return TELLING.test(runs) || runs.replace(COMMON, '').replaceAll(' ', '').length >= STRAY_LIMIT;
}
