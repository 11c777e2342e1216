import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { lineDiff } from '../../../src/testing/cassettes/mismatch.js';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
const marked = (diff: readonly string[], mark: string): string[] =>
  diff.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));

/** Whether the lines come in this order, with anything in between. */
const isWithin = (part: readonly string[], whole: readonly string[]): boolean => {
  let found = 0;
  for (const line of whole) if (line === part[found]) found += 1;
  return found === part.length;
};

describe('lineDiff', () => {
  test('shows what changed, in order', () => {
    expect(lineDiff(['one', 'two', 'three', 'four'], ['one', 'two!', 'three', 'new', 'four'])).toEqual([
      '- two',
      '+ two!',
      '+ new',
    ]);
  });

  test('shows what was added or removed at the end', () => {
    expect(lineDiff(['a'], ['a', 'b'])).toEqual(['+ b']);
    expect(lineDiff(['a', 'b'], ['a'])).toEqual(['- b']);
    expect(lineDiff([], ['a'])).toEqual(['+ a']);
  });

  test.prop([lines, lines])('takes one text to the other', (before, after) => {
    const diff = lineDiff(before, after);
    const [removed, added] = [marked(diff, '- '), marked(diff, '+ ')];
    expect(isWithin(removed, before) && isWithin(added, after)).toBe(true);
    expect(before.length - removed.length).toBe(after.length - added.length);
    expect(diff.length === 0).toBe(before.join() === after.join());
  });

  test('is quick for texts that have nothing in common', () => {
    const numbers = Array.from({ length: 3_000 }, (_, index) => index);
    const [before, after] = [numbers.map((each) => `old ${each}`), numbers.map((each) => `new ${each}`)];
    expect(lineDiff(before, after)).toHaveLength(6_000);
  });
});
