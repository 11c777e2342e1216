import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { isBlankAnswer } from '../../../src/grading/text/blank-answer.js';

describe('isBlankAnswer', () => {
  test.each([
    '',
    ' \n\t\u00a0',
    '\u200b\u200f\ufeff',
    '?',
    '? ? ?',
    '？',
    '-',
    '---',
    '—',
    '...',
    '…',
    '____',
    'idk',
    'IDK!!',
    "I don't know",
    'I don’t know.',
    'I don"t know',
    'i dont know :(',
    'I DO NOT KNOW',
    '(no idea)',
    "I'm not sure",
    'n/a',
    'Weiß nicht.',
    'weiss ich nicht',
    'Keine Ahnung!',
    'No sé',
    'no lo se',
    'Je ne sais pas',
    "J'sais pas",
    'Aucune idée',
    'Non lo so',
    'boh',
    'Não sei',
    'nao sei',
  ])('takes %j for blank', (text) => {
    expect(isBlankAnswer(text)).toBe(true);
  });

  test.each([
    "I don't know why but it floats",
    "I don't know, 5",
    "I don't know -5",
    'She has no idea',
    'none',
    'nothing',
    'pass',
    'no',
    '0',
    '.',
    '!',
    '*',
    '==',
    '"',
    "'",
    ',',
    '()',
    '\ud800',
    'x'.repeat(1_000),
    '?'.repeat(100),
  ])('takes %j for an answer', (text) => {
    expect(isBlankAnswer(text)).toBe(false);
  });

  test('narrows the phrases to a language and English', () => {
    expect(isBlankAnswer('weiß nicht', 'de-AT')).toBe(true);
    expect(isBlankAnswer('WEISS NICHT', 'DE_at')).toBe(true);
    expect(isBlankAnswer('idk', 'de')).toBe(true);
    expect(isBlankAnswer('boh', 'de')).toBe(false);
    expect(isBlankAnswer('idk', 'constructor')).toBe(true);
    expect(isBlankAnswer('boh', '')).toBe(false);
  });

  test.prop([fc.stringMatching(/^[a-z]{3,}$/)])('never takes a reason after it for blank', (word) => {
    expect(isBlankAnswer(`I don't know why but ${word}`)).toBe(false);
  });
});
