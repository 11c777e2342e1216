import { isAscii } from '../text/is-ascii.js';

/** Letters that look like a Latin one. */
const LOOKALIKES =
  'a:аα b:β c:сϲ d:ԁ e:еєε h:һн i:іι j:ј k:кκ m:м n:ո o:оοօ p:рρ q:ԛ r:г s:ѕ t:тτ u:υս v:ѵν w:ԝω x:хχ y:уγ';
/** Small capitals, and letters with a stroke, which is no accent to take off. */
const VARIANTS =
  'a:ᴀ b:ʙ c:ᴄ d:ᴅđ e:ᴇ f:ꜰ g:ɢɡ h:ʜ i:ɪı j:ᴊ k:ᴋ l:ʟł m:ᴍ n:ɴ o:ᴏø p:ᴘ r:ʀ s:ꜱ t:ᴛ u:ᴜ v:ᴠ w:ᴡ y:ʏ z:ᴢ ss:ß';
const LATIN_FOR_LOOKALIKE = latinFor(LOOKALIKES);
const LATIN_FOR_VARIANT = latinFor(VARIANTS);
const VARIANT = new RegExp(`[${[...LATIN_FOR_VARIANT.keys()].join('')}]`, 'gu');
const ACCENT = /[\u0300-\u036f\u0489]/g;
const OTHER_ALPHABET = /[\u0370-\u058f]/;

/**
 * A cleaned text as its words are looked up: compatibility form, lower case, Latin letters without accents and
 * variants. In words of several alphabets, letters that look Latin become Latin.
 */
export function plainLetters(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const lower = text.normalize('NFKC').toLowerCase();
  const plain = lower.normalize('NFD').replace(ACCENT, '').normalize('NFC');
  const latin = plain.replace(VARIANT, (variant) => LATIN_FOR_VARIANT.get(variant) ?? variant);
  return OTHER_ALPHABET.test(latin) ? latin.replace(/\p{L}+/gu, withoutLookalikes) : latin;
}

function withoutLookalikes(word: string): string {
  if (!OTHER_ALPHABET.test(word) || !/[a-z]/.test(word)) return word;
  return Array.from(word, (letter) => LATIN_FOR_LOOKALIKE.get(letter) ?? letter).join('');
}

function latinFor(table: string): ReadonlyMap<string, string> {
  const rows = table.split(' ').map((row) => row.split(':'));
  return new Map(rows.flatMap(([latin = '', others = '']) => Array.from(others, (other) => [other, latin] as const)));
}
