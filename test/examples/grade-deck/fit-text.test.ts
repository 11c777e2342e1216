import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { fitText } from '../../../examples/grade-deck/fit-text.ts';

test('fitText leaves a short text alone and cuts a long one with an ellipsis', () => {
  expect(fitText('ice floats', 10)).toBe('ice floats');
  expect(fitText('ice floats on water', 11)).toBe('ice floats…');
});

test('fitText makes one line of several and counts what a reader sees', () => {
  expect(fitText('a\n\tb', 10)).toBe('a b');
  expect(fitText('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
});

test('fitText keeps escape codes, direction marks and zero-width characters from the terminal', () => {
  expect(fitText('\u001B[2Jhidden\u202Etext\u200B', 40)).toBe('[2Jhiddentext');
});

test.prop([fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 })])(
  'fitText never exceeds the width and never lets a control character through',
  (text, width) => {
    const fitted = fitText(text, width);
    expect([...new Intl.Segmenter().segment(fitted)].length).toBeLessThanOrEqual(width);
    expect(fitted).not.toMatch(/\p{C}/u);
  },
);
