import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { GradingOptionsError } from 'gradelanes';
import { checkOptions } from '../../src/input/check-input.js';

const schema = z.strictObject({
  name: z.optional(z.string({ error: 'must be a text' })),
  list: z.optional(z.array(z.strictObject({ size: z.number({ error: 'must be a number' }) }))),
});

/** Checks and returns the error, as a triple. */
function refusal(value: unknown, path?: string): [field: string, rule: string, received: string] {
  try {
    checkOptions(schema, value, path);
  } catch (error) {
    if (error instanceof GradingOptionsError) return [error.field, error.rule, error.received];
    throw error;
  }
  throw new Error('it was accepted');
}

describe('checkOptions', () => {
  test('returns what fits', () => {
    expect(checkOptions(schema, { name: 'x', list: [{ size: 1 }] })).toEqual({ name: 'x', list: [{ size: 1 }] });
  });

  test.each<[unknown, string, string, string]>([
    [{ name: 7 }, 'name', 'must be a text', '7'],
    [{ name: null }, 'name', 'must be a text', 'null'],
    [{ name: () => {} }, 'name', 'must be a text', 'a function'],
    [{ name: [1, 2] }, 'name', 'must be a text', 'an array of 2'],
    [{ name: { first: 'x' } }, 'name', 'must be a text', 'an object'],
    [{ name: 10n }, 'name', 'must be a text', '10'],
    [{ name: Symbol('x') }, 'name', 'must be a text', 'Symbol(x)'],
    [{ list: [{ size: 1 }, { size: 'big' }] }, 'list[1].size', 'must be a number', '"big"'],
    [{ list: [{ size: 1, weight: 2 }] }, 'list[0].weight', 'is not an option', '2'],
    [{ nam: 'x' }, 'nam', 'is not an option; there are name, list', 'a text of 1 characters'],
    [{ lists: 7 }, 'lists', 'is not an option (did you mean list?)', '7'],
  ])('refuses %o', (value, field, rule, received) => {
    expect(refusal(value)).toEqual([field, rule, received]);
  });

  test('puts the path of the caller in front', () => {
    expect(refusal({ name: 7 }, 'provider[0]')[0]).toBe('provider[0].name');
    expect(refusal({ list: [{ size: '' }] }, 'a.b')[0]).toBe('a.b.list[0].size');
    expect(refusal(undefined, 'feedback')[0]).toBe('feedback');
    expect(refusal(undefined)[0]).toBe('options');
  });

  test('shows short texts, and of long ones only how long they are', () => {
    expect(refusal({ list: [{ size: 'x'.repeat(16) }] })[2]).toBe(`"${'x'.repeat(16)}"`);
    expect(refusal({ list: [{ size: 'x'.repeat(17) }] })[2]).toBe('a text of 17 characters');
  });

  test.each(['answers[0]', 'answers[2].question', 'context', 'instructions'])('never shows a text under %s', (path) => {
    expect(refusal({ list: [{ size: 'my secret' }] }, path)[2]).toBe('a text of 9 characters');
  });

  test('does not take a name for a private one that only begins like it', () => {
    expect(refusal({ list: [{ size: 'shown' }] }, 'contextual')[2]).toBe('"shown"');
  });
});
