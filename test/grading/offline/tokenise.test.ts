import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { TextProfile } from '../../../src/grading/offline/text-profile.js';
import { tokenise, wordsOf } from '../../../src/grading/offline/tokenise.js';

const keysOf = (text: string, profile: TextProfile = 'words'): string[] =>
  tokenise(wordsOf(text, profile), profile).map(({ key }) => key);
const contentOf = (text: string, profile: TextProfile = 'words'): string[] =>
  tokenise(wordsOf(text, profile), profile).flatMap((token) => (token.isContent ? [token.text] : []));

describe('tokenise', () => {
  test.each([
    ['1,000 and 1000', ['#1000', 'and', '#1000']],
    ['1.50 V', ['#1.5', 'v']],
    ['1,5', ['#1.5']],
    ['five -5', ['#5', '#-5']],
    ['10-20', ['#10', '#20']],
    ['one', ['one']],
    ['1.2.3', ['1.2.3']],
    ['H2O', ['h2o']],
  ])('reads the numbers in "%s" as %j', (text, keys) => {
    expect(keysOf(text)).toEqual(keys);
  });

  test('tells words with meaning from words with grammar, and negations have meaning', () => {
    expect(contentOf('Is the water not less dense than both?')).toEqual(['water', 'not', 'less', 'dense', 'both']);
  });

  test('keeps every symbol of code, and only names and numbers carry meaning', () => {
    expect(keysOf('a_1 += B', 'symbols')).toEqual(['a_1', '+', '=', 'B']);
    expect(contentOf('a_1 += B', 'symbols')).toEqual(['a_1', 'B']);
  });

  test('cuts scripts without spaces into pairs, others into threes', () => {
    expect(keysOf('二氧化碳 水', 'characters')).toEqual(['二氧', '氧化', '化碳', '水']);
    expect(keysOf('вода и лёд', 'characters')).toEqual(['вод', 'ода', 'и', 'лед']);
  });

  test('has no words in punctuation', () => {
    expect(keysOf('?!... --')).toEqual([]);
  });

  test.prop([fc.string({ unit: 'binary' }), fc.constantFrom<TextProfile>('words', 'characters', 'symbols')])(
    'takes any text, and no token is empty',
    (text, profile) => {
      expect(keysOf(text, profile)).not.toContain('');
    },
  );
});
