import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { COMPARED_CHARACTERS, normaliseText } from '../../../src/grading/offline/normalise-text.js';

describe('normaliseText', () => {
  test.each([
    ["I can't, cannot and wont... won't", 'i can not, can not and wont... will not'],
    ["it doesn't and it DOESNT", 'it does not and it does not'],
    ['it’s the bulb’s wire', 'it the bulb wire'],
    ['Café', 'cafe'],
    ['ｆｕｌｌ ｗｉｄｔｈ', 'full width'],
    ['sa\u00ADlt \u200Bwa\u2060ter', 'salt water'],
    ['m² and \u22125', 'm 2 and -5'],
  ])('brings "%s" to "%s"', (text, expected) => {
    expect(normaliseText(text, 'words')).toBe(expected);
  });

  test('leaves case, quotes and accents of code alone', () => {
    expect(normaliseText("let Ä = 'don't';", 'symbols')).toBe("let Ä = 'don't';");
  });

  test('keeps the marks that tell letters of other scripts apart', () => {
    expect(normaliseText('が', 'characters')).toBe('が');
  });

  test('keeps the beginning of a text that is too long, also when its characters unfold', () => {
    expect(normaliseText('x'.repeat(COMPARED_CHARACTERS + 1), 'words')).toHaveLength(COMPARED_CHARACTERS);
    expect(normaliseText('\uFDFA'.repeat(COMPARED_CHARACTERS), 'symbols')).toHaveLength(COMPARED_CHARACTERS);
  });

  test.prop([fc.string({ unit: 'binary' })])('changes nothing when applied again to words', (text) => {
    const words =
      normaliseText(text, 'words')
        .match(/[a-z]+/g)
        ?.join(' ') ?? '';
    expect(normaliseText(words.replaceAll(/\b\w*nt\b|\bcannot\b/g, ''), 'words')).toBe(
      words.replaceAll(/\b\w*nt\b|\bcannot\b/g, ''),
    );
  });
});
