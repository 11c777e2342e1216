import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { cleanText } from '../../../src/grading/guards/clean-text.js';
import { evidenceFinder } from '../../../src/grading/marks/find-evidence.js';
import { foldPositions } from '../../../src/grading/marks/fold-positions.js';

/** The words that are found in an answer for some quotes, and how many quotes were not. */
function found(answer: string, ...quotes: readonly string[]): { words: readonly string[]; dropped: number } {
  const { spans, dropped } = evidenceFinder(answer)(quotes);
  return { words: spans.map(({ start, end }) => answer.slice(start, end)), dropped };
}

const once = (words: string) => ({ words: [words], dropped: 0 });
const nothing = { words: [], dropped: 1 };

describe('a quote is found in an answer', () => {
  test.each<[string, string, string, string]>([
    ['word for word', 'Ice is less dense than water.', 'less dense', 'less dense'],
    ['whatever the case', 'ICE is Less Dense', 'less dense', 'Less Dense'],
    ['over line breaks and runs of white space', 'less\n\t  dense', 'less dense', 'less\n\t  dense'],
    ['with other quotation marks', 'it “floats” on', '"floats" on', '“floats” on'],
    ['inside quotation marks of the model', 'it floats', '"it floats"', 'it floats'],
    ['with a full stop of the model', 'it floats on water', 'it floats.', 'it floats'],
    ['composed and decomposed', 'la densite\u0301 est', 'densité', 'densite\u0301'],
    ['without its accents', 'la densité est', 'densite', 'densité'],
    ['through invisible characters', 'less\u200b de\u00adnse', 'less dense', 'less\u200b de\u00adnse'],
    ['in full-width letters', 'ｌｅｓｓ dense', 'less dense', 'ｌｅｓｓ dense'],
    ['with another dash', 'heat – energy', 'heat - energy', 'heat – energy'],
    ['with raised figures', 'it is 9.8 m/s² there', '9.8 m/s2', '9.8 m/s²'],
    ['where the model shows the escapes of the prompt', 'if (a < b && c)', 'a \\u003c b &amp;&amp; c', 'a < b && c'],
    ['where it escapes quotation marks', 'say "hi" now', 'say \\"hi\\"', 'say "hi"'],
    ['in a script without spaces', '氷は水より密度が小さい', '密度が小さい', '密度が小さい'],
    ['in a script from right to left', 'الجليد أقل كثافة من الماء', 'أقل كثافة', 'أقل كثافة'],
    ['as signs alone', 'x != y', '!=', '!='],
    ['later, where it first stands inside a word', 'lightning is light', 'light', 'light'],
  ])('%s', (_, answer, quote, words) => {
    expect(found(answer, quote)).toEqual(once(words));
  });

  test('in fragments, where the model leaves words out', () => {
    const answer = 'Ice floats because, as we learnt, it is less dense.';
    expect(found(answer, 'Ice floats … less dense')).toEqual({ words: ['Ice floats', 'less dense'], dropped: 0 });
    expect(found(answer, 'less dense ... Ice floats')).toEqual(nothing);
  });

  test('once where several quotes overlap or touch', () => {
    expect(found('a b c d e', 'a b c', 'b c d', 'e')).toEqual({ words: ['a b c d', 'e'], dropped: 0 });
  });
});

describe('a quote is dropped', () => {
  test.each<[string, string, string]>([
    ['that the answer does not hold', 'Ice is lighter.', 'less dense'],
    ['that is only part of a word', 'lightning', 'light'],
    ['that is only part of a number', '1234', '23'],
    ['that is only part of a character', 'ﬁne', 'i'],
    ['of nothing but white space', 'a b', ' \n'],
    ['of nothing but invisible characters', 'a b', '\u200b'],
    ['whose fragments are not all there', 'Ice floats.', 'Ice floats … less dense'],
  ])('%s', (_, answer, quote) => {
    expect(found(answer, quote)).toEqual(nothing);
  });
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...['a', 'B', 'ß', 'é', 'e\u0301', '\u0301', '\u0300\u0327', ' ', '\n', '\u00a0', '\u200b', '\u202e', '\ufeff'],
        ...['ﬁ', '½', '²', 'ｗ', 'İ', '한', '\u1112\u1161\u11ab', '氷', '👩‍👩‍👧', '\ud83d', '\udc69', '"', '“', '—', '…'],
        ...['\\u0061', '&amp;', '</answer>', '\0'],
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);

describe('on hostile texts', () => {
  test.prop([hostile, fc.array(hostile, { maxLength: 4 })], { numRuns: 500 })(
    'every span is a part of the answer, in order and apart, and says what a quote says',
    (answer, quotes) => {
      const { spans, dropped } = evidenceFinder(answer)(quotes);
      expect(dropped).toBeLessThanOrEqual(quotes.length);
      let last = -1;
      for (const { start, end } of spans) {
        expect(start).toBeGreaterThan(last);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(answer.length);
        last = end;
      }
      if (quotes.length === 1 && spans.length === 1) {
        const [{ start, end } = { start: 0, end: 0 }] = spans;
        const words = foldPositions(answer.slice(start, end)).folded.trim();
        expect(found(answer, words).dropped).toBe(0);
      }
    },
  );

  test.prop([hostile, fc.nat(60), fc.nat(60)], { numRuns: 500 })(
    'whole words of the answer are found, also as the guards copy them for the model',
    (answer, from, length) => {
      const words = answer.split(/(?<=[ \n\u00a0])(?=[^ \n\u00a0])/u);
      const part = words.slice(from % (words.length + 1), (from % (words.length + 1)) + 1 + (length % 5)).join('');
      const copied = cleanText(part).text;
      // Escapes and ellipses have a meaning of their own, and some marks become a space and a mark.
      const isOdd = /[\\&…]|\.{3}/.test(part) || /\s/.test(part.replace(/\s/g, '').normalize('NFKC'));
      if (isOdd || !/[\p{L}\p{N}]/u.test(copied)) return;
      for (const quote of [part, copied]) {
        const { spans, dropped } = evidenceFinder(answer)([quote]);
        expect(dropped).toBe(0);
        expect(spans).toHaveLength(1);
      }
    },
  );

  test('takes time in proportion to the text', () => {
    const answer = 'a\u0301\u0327'.repeat(20_000) + ' light'.repeat(5_000) + 'ning'.repeat(2_000);
    const started = process.cpuUsage().user;
    expect(found(answer, 'ghtn', 'light … ning', `${'a'.repeat(900)}b`).dropped).toBe(3);
    expect(process.cpuUsage().user - started).toBeLessThan(2_000_000);
  });
});
