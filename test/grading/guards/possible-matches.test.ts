import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { ATTACK_PATTERNS } from '../../../src/grading/guards/attack-patterns.js';
import { CUE_WORDS } from '../../../src/grading/guards/cue-words.js';
import { possibleMatches } from '../../../src/grading/guards/possible-matches.js';

describe('possibleMatches', () => {
  test.each([
    ['marks\\b|scor(?:e|es)\\b', 'marks', 1],
    ['marks\\b|scor(?:e|es)\\b', 'scored', 1],
    ['marks\\b|scor(?:e|es)\\b', 'marksman', 0],
    ['marks?\\b', 'mark', 1],
    ['full (?:grade|mark)', 'full', 1],
    ['full (?:grade|mark)', 'fully', 0],
    ['(?:full|top) (?:grade|mark)', 'a top one', 1],
    ['(?:re)?grad(?:es|ed)', 'regrades', 1],
    ['(?:re)?grad(?:es|ed)', 'gradient', 1],
    ['(\\d+)/\\1\\b', 'in 1848', 1],
    ['100\\b', '1000', 0],
    ['a\\+', 'a', 1],
    ['a\\+', 'an', 0],
    ['role.?play', 'roleplay', 1],
  ])('%j in %j: %d', (expression, text, expected) => {
    expect(possibleMatches([expression])(text)).toBe(expected);
  });

  test('has a bit for each expression, and none for what matches nothing', () => {
    expect(possibleMatches(['water', undefined, 'ice'])('ice is water')).toBe(0b101);
  });

  test('takes everything for possible in other alphabets', () => {
    expect(possibleMatches(['water', 'ice'])('лёд')).toBe(-1);
  });
});

// Texts of the pieces that the expressions themselves are made of.
const sources = [
  ...CUE_WORDS.map(({ words }) => words),
  ...Object.values(ATTACK_PATTERNS).map(({ pattern }) => pattern.source),
];
const pieces = [...new Set(sources.flatMap((source) => source.match(/[a-z]+|\d+/g) ?? []))];
const piece = fc.constantFrom(...pieces, '5/5', '3 of 3', '100 %', 'a+', 'rot13', '<answer', '</answer>', '[system]');
const text = fc
  .array(fc.tuple(piece, fc.constantFrom(' ', ' ', ' ', ': ', '="', "'", '/', '', '\n', '.')), { maxLength: 12 })
  .map((parts) => parts.flat().join(''));

describe('the shortcut', () => {
  const possibleCues = possibleMatches(CUE_WORDS.map(({ words }) => words));

  test.prop([text], { numRuns: 2_000 })('passes over no cue', (given) => {
    const found = CUE_WORDS.flatMap(({ words }, index) =>
      new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${words})`, 'u').test(given) ? [1 << index] : [],
    );
    expect(found.filter((bit) => (possibleCues(given) & bit) === 0)).toEqual([]);
  });

  test.prop([text], { numRuns: 2_000 })('passes over no family of attacks', (given) => {
    const missed = Object.values(ATTACK_PATTERNS).filter(({ pattern, signs, words }) => {
      const isPossible = possibleMatches([words])(given) !== 0 || signs?.test(given) === true;
      return pattern.test(given) && !isPossible;
    });
    expect(missed).toEqual([]);
  });
});
