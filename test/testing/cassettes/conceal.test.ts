import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { conceal, reveal } from '../../../src/testing/cassettes/conceal.js';

const same = (text: string): string => text;

describe('conceal', () => {
  test('writes random keys as placeholders, in every text at every depth', () => {
    const value = { prompt: ['<answer key="k7q2">"x"</answer>', 'k7q2 and z9'], schema: { enum: ['z9'] } };
    expect(conceal(value, ['k7q2', 'z9'], same)).toEqual({
      prompt: ['<answer key="<key 1>">"x"</answer>', '<key 1> and <key 2>'],
      schema: { enum: ['<key 2>'] },
    });
  });

  test('a key that begins another key does not break it', () => {
    expect(conceal(['abc', 'abc2'], ['abc', 'abc2'], same)).toEqual(['<key 1>', '<key 2>']);
  });

  test.each([
    'sk-proj-abcdefghijklmnop1234',
    'sk-ant-api03-abcdefghijklmnop_-1234',
    'gsk_abcdefghijklmnop1234',
    'AIzaSyAabcdefghijklmnop1234',
    'Bearer abcdefghijklmnop1234',
  ])('leaves out %s', (secret) => {
    expect(conceal({ text: `key: ${secret}, rest` }, [], same)).toEqual({ text: 'key: <secret>, rest' });
  });

  test('leaves words alone that only begin like a key', () => {
    const text = 'skateboarding is a kind of risk-taking; the bearer of bad news asks why';
    expect(conceal(text, [], same)).toBe(text);
  });

  test('lets the author take out more', () => {
    expect(conceal('Ada wrote this', [], (text) => text.replaceAll('Ada', 'A learner'))).toBe('A learner wrote this');
  });

  test.prop([fc.array(fc.stringMatching(/^[a-z][a-z0-9]{5}$/), { minLength: 1, maxLength: 4 }), fc.string()])(
    'reveal puts the keys of another call in their places',
    (parts, noise) => {
      const keys = [...new Set(parts)];
      const others = keys.map((_, index) => `other${index}`);
      fc.pre(keys.every((key) => !noise.includes(key)) && !/<|other|k/.test(noise));
      const text = keys.map((key) => `${noise} ${key}`).join(' ');
      const expected = others.map((key) => `${noise} ${key}`).join(' ');
      expect(reveal(conceal(text, keys, same), others)).toBe(expected);
    },
  );

  test('reveal leaves a placeholder alone that has no key', () => {
    expect(reveal('<key 1> <key 9>', ['a'])).toBe('a <key 9>');
  });
});
