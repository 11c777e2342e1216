import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { foldText, withoutEmphasis } from '../../../src/grading/text/fold-text.js';

const fold = (text: string): string => foldText(text, { caseSensitive: false });

describe('foldText', () => {
  test.each([
    ['case', 'PARIS', 'paris'],
    ['white space', '  New \u00a0\n York ', 'new york'],
    ['a full stop and commas', 'Paris.,;', 'paris'],
    ['quotes', '"Paris"', 'paris'],
    ['guillemets', '« Paris »', 'paris'],
    ['quotes and a full stop', '“Paris.”', 'paris'],
    ['apostrophes of other kinds', 'don’t', "don't"],
    ['full width', 'Ｐａｒｉｓ', 'paris'],
    ['ligatures', 'ﬁsh', 'fish'],
    ['composition', 're\u0301sume\u0301', 'résumé'],
    ['zero-width characters and direction marks', '\u200fPa\u200bris\u200e\ufeff', 'paris'],
    ['a minus sign', '\u22125', '-5'],
    ['an opening question mark', '¿Qué.', 'qué'],
    ['subscripts in formulas', 'H₂O', 'h2o'],
    ['one half', '½', '1/2'],
    ['one and a half', '1½', '1 1/2'],
  ])('folds %s', (_, text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  test.each([
    ['C++', 'C'],
    ['C#', 'C'],
    ['.NET', 'NET'],
    ['!x', 'x'],
    ['n!', 'n'],
    ['-5', '5'],
    ['résumé', 'resume'],
    ['10⁵', '105'],
    ['10₂', '102'],
    ['2ˣ', '2x'],
    ['1½', '11/2'],
    ['(0,1)', '[0,1]'],
    ['std::', 'std'],
    ['straße', 'strase'],
    ["'a' and 'b'", "a' and 'b"],
    ['\u202e12', '12'],
  ])('keeps %s apart from %s', (one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  test('keeps case when it counts', () => {
    expect(foldText(' Foo. ', { caseSensitive: true })).toBe('Foo');
  });

  test('leaves a text of nothing but punctuation', () => {
    expect(fold(' ... ')).toBe('...');
  });

  test('only trims a text of more than 20,000 characters', () => {
    const long = 'A.'.repeat(10_001);
    expect(fold(` ${long} `)).toBe(long);
  });

  test('does not normalise what would take quadratic time', () => {
    const marks = `a${'\u0301'.repeat(31)}\u0323`;
    expect(fold(marks)).toBe(marks);
  });

  test.prop([fc.string({ unit: 'grapheme' })])('ignores white space around a text', (text) => {
    expect(fold(`  ${text}\n`)).toBe(fold(text));
  });

  test.prop([fc.string({ unit: 'grapheme' })])('changes nothing when it folds again', (text) => {
    expect(fold(fold(text))).toBe(fold(text));
  });
});

describe('withoutEmphasis', () => {
  test.each([
    ['paris!', 'paris'],
    ['paris ?!', 'paris'],
    ['5!', '5!'],
    ['n!', 'n!'],
    ['x?', 'x?'],
    ['!', '!'],
    ['', ''],
  ])('turns %s into %s', (folded, expected) => {
    expect(withoutEmphasis(folded)).toBe(expected);
  });
});
