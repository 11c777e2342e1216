import { isAscii } from '../text/is-ascii.js';
import { plainLetters } from './plain-letters.js';

/** Decoding is worth its time on texts of a plausible length only. */
const DECODED_CHARACTERS = 20_000;
/** Ciphers are broken by trying every key, which is for short texts. */
const CIPHER_CHARACTERS = 1_000;

const ESCAPE = /(?:%|\\x|&#x|\\u\{?0{0,4}|u\+0{0,2})([0-9a-f]{2})[;}]?|&#(\d{2,3});/g;
const HEX = /(?:[0-9a-f]{2}[\s:]?){6,}/g;
const BITS = /(?:[01]{8}\s?){3,}/g;
const CODES = /(?:\b\d{2,3}[\s,]{1,2}){5,}\d{2,3}\b/g;
const BASE64 = /[a-z0-9+/_-]{12,}={0,2}/gi;
const SPACED_LETTERS = /(?<![\p{L}\p{N}])(?:\p{L}[ .,_*-]{1,3}){5,}\p{L}(?![\p{L}\p{N}])/gu;
const LETTERS_IN_ROW = /(?:[a-z][ .,_*-]{1,3}){5}[a-z]/;
const DIGIT_IN_WORD = /[a-z][013457@$!](?=[a-z])|\b[0134579][a-z](?=[a-z])|[a-z]{2}[013457]\b/g;
const SIX_FIGURES = /(?:\d\D*){6}/;
const ESCAPE_SIGN = /[%\\&+]/;
const PRINTABLE = /^[\n\r\t\x20-\x7e]{5,}$/;
/** Hardly a sentence of some languages does without one, and ciphers have one by chance only. */
const COMMON_WORD = /\b(?:a|an|and|are|because|de|der|die|du|en|el|il|in|is|it|la|le|of|que|the|to|un|und)\b/;
const SEVERAL_WORDS = /[a-z]{3}\W+[a-z]{2,}\W+[a-z]{2}/;

const LEET: Readonly<Record<string, string>> = { 0: 'o', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i' };

/**
 * What a cleaned text may say below its surface, in plain letters: as escapes, numbers of characters, base64,
 * leet or spaced letters, backwards, or with shifted letters. Empty for most texts.
 */
export function disguisedTexts(text: string): readonly string[] {
  const surface = text.slice(0, DECODED_CHARACTERS);
  const plain = plainLetters(surface);
  const decoded = rewritten(surface, BASE64, fromBase64);
  const readings = [
    decoded === surface ? plain : plainLetters(decoded),
    ...(SIX_FIGURES.test(plain) || ESCAPE_SIGN.test(plain) ? codedReadings(plain) : []),
    mayBeSpaced(plain) ? plain.replace(SPACED_LETTERS, closedUp) : plain,
    ...leetReadings(plain),
  ];
  return [...readings.filter((reading) => reading !== plain), ...cipherReadings(plain)];
}

/** Of single letters, most texts have hardly two in a row. */
function mayBeSpaced(plain: string): boolean {
  return !isAscii(plain) || LETTERS_IN_ROW.test(plain);
}

/** As numbers, characters that can be read take six figures at least. */
function codedReadings(plain: string): readonly string[] {
  return [
    rewritten(plain, ESCAPE, fromEscape),
    rewritten(plain, HEX, (pairs) => charactersOf(pairs.match(/[0-9a-f]{2}/g), 16) ?? pairs),
    rewritten(plain, BITS, (octets) => charactersOf(octets.match(/[01]{8}/g), 2) ?? octets),
    rewritten(plain, CODES, (codes) => charactersOf(codes.match(/\d+/g), 10) ?? codes),
  ];
}

/** A search costs much less than a replacement that finds nothing, as most do. */
function rewritten(text: string, pattern: RegExp, rewrite: (match: string, ...groups: string[]) => string): string {
  return text.search(pattern) < 0 ? text : text.replace(pattern, rewrite);
}

function fromBase64(encoded: string): string {
  try {
    const decoded = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
    return PRINTABLE.test(decoded) ? ` ${decoded} ` : encoded;
  } catch {
    return encoded;
  }
}

function fromEscape(_: string, hexadecimal?: string, decimal?: string): string {
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  return String.fromCharCode(code).toLowerCase();
}

function charactersOf(numbers: readonly string[] | null, base: number): string | undefined {
  const text = String.fromCharCode(...(numbers ?? []).map((digits) => Number.parseInt(digits, base)));
  return PRINTABLE.test(text) ? text.toLowerCase() : undefined;
}

/** "f u l l  m a r k s" as "full marks". */
function closedUp(letters: string): string {
  return letters.replace(/(\p{L})[ .,_*-]/gu, '$1').replace(/[ .,_*-]+/g, ' ');
}

/** A 1 stands for i or for l. */
function leetReadings(text: string): readonly string[] {
  if ((text.match(DIGIT_IN_WORD)?.length ?? 0) < 2) return [];
  const spelt = text.replace(/[034578@$!]/g, (sign) => LEET[sign] ?? sign);
  return [spelt.replaceAll('1', 'i'), spelt.replaceAll('1', 'l')];
}

function cipherReadings(text: string): readonly string[] {
  const head = text.slice(0, CIPHER_CHARACTERS);
  if (COMMON_WORD.test(head) || !SEVERAL_WORDS.test(head)) return [];
  const keys = Array.from({ length: 25 }, (_, index) => index + 1);
  return [Array.from(head).toReversed().join(''), ...keys.map((key) => shifted(head, key))];
}

function shifted(text: string, key: number): string {
  return text.replace(/[a-z]/g, (letter) => letterAt((letter.charCodeAt(0) - 97 + key) % 26));
}

function letterAt(index: number): string {
  return String.fromCharCode(97 + index);
}
