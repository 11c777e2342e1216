import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { hasDoubleKeys } from '../../src/json/double-keys.js';

describe('hasDoubleKeys', () => {
  test.each([
    '{"a":1,"a":2}',
    '{"levels":[0],"lev\\u0065ls":[5]}',
    '{"results":[{"key":"k","levels":[0],"levels":[5]}]}',
    '{"a":{"b":1},"a":{}}',
    '{"":1,"":2}',
    '{"a" : 1 , "a" : 2}',
    '[[{"x":{"y":[{"z":1,"z":1}]}}]]',
  ])('finds one in %s', (json) => {
    expect(hasDoubleKeys(json)).toBe(true);
  });

  test.each([
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":["a","a",":"]}',
    '{"\\\\":1,"\\"":2}',
    '"a"',
  ])('finds none in %s', (json) => {
    expect(hasDoubleKeys(json)).toBe(false);
  });

  test.prop([fc.json()])('finds none in what was written from data', (json) => {
    expect(hasDoubleKeys(json)).toBe(false);
  });
});
