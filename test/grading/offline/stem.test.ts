import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { stem } from '../../../src/grading/offline/stem.js';

describe('stem', () => {
  test.each([
    [['evaporate', 'evaporates', 'evaporated', 'evaporating', 'evaporation']],
    [['connect', 'connects', 'connected', 'connecting', 'connection']],
    [['stop', 'stops', 'stopped', 'stopping']],
    [['battery', 'batteries']],
    [['glass', 'glasses']],
    [['dense', 'density']],
    [['hard', 'harder', 'hardness']],
  ])('gives all of %j the same stem', (words) => {
    expect(new Set(words.map(stem))).toHaveLength(1);
  });

  test.each([
    ['gas', 'gas'],
    ['bus', 'bus'],
    ['red', 'red'],
    ['bring', 'bring'],
    ['status', 'status'],
    ['falling', 'fall'],
  ])('leaves "%s" as "%s"', (word, expected) => {
    expect(stem(word)).toBe(expected);
  });

  test.prop([fc.stringMatching(/^[a-z]{1,20}$/)])('never makes a word longer, or empty', (word) => {
    expect(stem(word).length).toBeLessThanOrEqual(word.length);
    expect(stem(word)).not.toBe('');
  });
});
