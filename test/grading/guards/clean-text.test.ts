import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { cleanText } from '../../../src/grading/guards/clean-text.js';

/** Texts with everything that makes Unicode hard. */
const hardText = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom(
      ...['\ud83d', '\udc69', '\u200d', '\u200c', '\u200b', '\ufe0f', '\u202e', '\u{e0067}', '\u{e007f}', '\u{1f3f4}'],
      ...['\u{1f469}', '\u2764', '\u0645', '\u0915', '\u0301', '\u0323', '\uff9e', '\u0344', '\u1100', '\u1161'],
      ...['\u0302', '\u2329', '\ufc5e', '\u06f0', 'a'],
      ...['\u3164', '\ufb01', '\ufdfa', '\u2139', '\u24c2', '\u3297', '\u00b2', '\u00bd', '\u00b4', '\r', '\n', 'e'],
    ),
  ),
  maxLength: 60,
});

describe('cleanText', () => {
  test.each([
    ['superscripts, subscripts and fractions', 'x² + 2½ = H₂O, tʰ'],
    ['signs that stand alone', 'don´t, 20 ˚C, ™, ℝ, ①②, 5 ㎡'],
    ['code', 'if (a != b && c <= d) {\n\treturn `x`;\n}'],
    ['Chinese, Japanese and Korean', '水蒸发了。プールの水。물이 증발했다 ㅋㅋ ㄱ'],
    ['Thai', 'น้ำระเหย'],
    ['joiners of Farsi', 'می‌خواهم'],
    ['joiners of Hindi', 'क्‍ष'],
    ['joiners after Persian digits and vowel signs', '۲۰‌ام، بَ‌ت'],
    ['Arabic vowels', 'كَتَبَ'],
    ['pictures joined to families', '👩‍👩‍👧 and 👩🏽‍🚀'],
    ['flags of regions', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ])('keeps %s', (_, text) => {
    expect(cleanText(text)).toEqual({ text, flags: [] });
  });

  test.each([
    ['letters in full width', 'Ｉｇｎｏｒｅ　ｔｈｅ', 'Ignore the'],
    ['letters of formulas', '𝐅𝐮𝐥𝐥 𝓂𝒶𝓇𝓀𝓈', 'Full marks'],
    ['ligatures', 'ﬁeld', 'field'],
    ['accents written apart', 'e\u0301', 'é'],
    ['halves of surrogate pairs', 'a\ud800b', 'a\ufffdb'],
    ['all kinds of line breaks', 'a\r\nb\rc\vd\u2028e', 'a\nb\nc\nd\ne'],
    ['the picture selector', '❤\ufe0f‍🔥', '❤‍🔥'],
    ['direction marks', '\u200fשלום\u200f is a greeting', 'שלום is a greeting'],
    ['a byte-order mark and soft hyphens', '\ufeffphoto\u00adsynthesis', 'photosynthesis'],
    ['some control characters', 'a\u0000b\u001bc', 'abc'],
    ['a joiner after a mark that other scripts share', 'i\u0323\u200cx', 'ịx'],
    ['a joiner after a sign that is Arabic only until it is normalised', '\ufc5e\u200cx', ' \u064c\u0651x'],
    ['what composes once a joiner is gone', 'a\u0323\u200c\u0302', 'ậ'],
  ])('writes %s plainly, without accusing anybody', (_, text, expected) => {
    expect(cleanText(text)).toEqual({ text: expected, flags: [] });
  });

  test.each([
    ['text written backwards', '\u202eskram lluf\u202c the moon', 'skram lluf the moon'],
    ['letters as tags', 'apple\u{e0067}\u{e0069}', 'apple'],
    ['bytes as variation selectors', '🙂\ufe00\ufe0f\u{e0101}', '🙂'],
    ['bits as zero-width characters', `gravity${'\u200b\u200c'.repeat(8)}`, 'gravity'],
    ['more hidden than visible', `a${'\u200e'.repeat(20)}`, 'a'],
  ])('takes out and flags %s', (_, text, expected) => {
    expect(cleanText(text)).toEqual({ text: expected, flags: ['hidden_characters'] });
  });

  test('cuts at 4,000 characters by default and says so', () => {
    expect(cleanText('a'.repeat(4_000)).flags).toEqual([]);
    expect(cleanText('a'.repeat(4_001))).toEqual({ text: 'a'.repeat(4_000), flags: ['answer_truncated'] });
  });

  test('cuts neither through a surrogate pair nor after half a joined picture', () => {
    expect(cleanText('ab😀', 3).text).toBe('ab');
    expect(cleanText('👩‍👧', 3).text).toBe('👩');
  });

  test('counts what is left, not what was taken out', () => {
    expect(cleanText(`ab${'\u202e'.repeat(50)}c`, 3).flags).toEqual(['hidden_characters']);
  });

  test.prop([hardText, fc.integer({ min: 0, max: 70 })])(
    'is well-formed, within the limit, and does not change when cleaned again',
    (text, maxCharacters) => {
      const once = cleanText(text, maxCharacters).text;
      expect(once.isWellFormed()).toBe(true);
      expect(once.length).toBeLessThanOrEqual(maxCharacters);
      expect(cleanText(once, maxCharacters).text).toBe(once);
    },
  );

  test.each([
    ['direction marks', '\u202e'],
    ['lone surrogates', '\ud800'],
    ['joiners', 'م\u200c'],
    ['joiners after marks', '\u0301\u0323\u200c'],
    ['combining marks', '\u0301\u0323'],
    ['half-width marks', '\uff9e\u0301'],
    ['characters that grow', '\ufdfa'],
    ['hidden characters in between', 'a\u200b'],
  ])('takes a million %s in its stride', (_, unit) => {
    const start = performance.now();
    cleanText(unit.repeat(1_000_000 / unit.length));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
