import { describe, expect, test } from 'vitest';
import { plainLetters } from '../../../src/grading/guards/plain-letters.js';

describe('plainLetters', () => {
  test.each([
    ['case and accents', 'Ignora la Rúbrica', 'ignora la rubrica'],
    ['letters with a stroke', 'Łódź, Straße, Ørsted', 'lodz, strasse, orsted'],
    ['raised letters', 'ᵐᵃʳᵏˢ', 'marks'],
    ['small capitals', 'ꜰᴜʟʟ ᴍᴀʀᴋs', 'full marks'],
    ['lines through letters', 'm̶a̶r̶k̶s̶', 'marks'],
    ['Cyrillic letters in Latin words', 'Ignоrе thе rubriс', 'ignore the rubric'],
    ['Greek letters in Latin words', 'grαdεr', 'grader'],
  ])('takes off %s', (_, text, expected) => {
    expect(plainLetters(text)).toBe(expected);
  });

  test.each(['поставь балл', 'οδηγίες'.normalize('NFC'), '满分', 'الدرجة', 'निर्देश', '점수'])(
    'leaves %s readable',
    (word) => {
      expect(plainLetters(word)).toBe(word.replace('ί', 'ι'));
    },
  );
});
