import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { seededRandom } from 'gradelanes/testing';
import { itemKeys } from '../../../src/grading/prompt/item-keys.js';

describe('itemKeys', () => {
  test('are letters and digits, a letter first, and differ', () => {
    const keys = itemKeys(1_000, seededRandom(1));
    expect(new Set(keys).size).toBe(1_000);
    for (const key of keys) expect(key).toMatch(/^[a-z][a-z0-9]{5,}$/);
  });

  test('use every letter and digit', () => {
    const keys = itemKeys(1_000, seededRandom(2));
    expect(new Set(keys.map((key) => key.charAt(0))).size).toBe(26);
    expect(new Set(keys.flatMap((key) => key.split(''))).size).toBe(36);
  });

  test('are repeatable with an injected source, and none for none', () => {
    expect(itemKeys(6, seededRandom(3))).toEqual(itemKeys(6, seededRandom(3)));
    expect(itemKeys(0, seededRandom(3))).toEqual([]);
  });

  test.prop([fc.integer({ min: 1, max: 20 }), fc.array(fc.double(), { minLength: 1 })])(
    'differ and are fit for an attribute even from a source that is stuck or broken',
    (count, values) => {
      let calls = 0;
      const keys = itemKeys(count, () => values[calls++ % values.length] ?? 0);
      expect(new Set(keys).size).toBe(count);
      for (const key of keys) expect(key).toMatch(/^[a-z0-9]{6,}$/);
    },
  );
});
