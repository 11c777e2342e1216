import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { plainLine } from '../../src/json/plain-line.js';

describe('plainLine', () => {
  test.each([
    ['gpt-6-luna', 'gpt-6-luna'],
    ['  req_1 \r\n', 'req_1'],
    ['a\u001b[2Jb\u0000c\u2028d', 'a [2Jb c d'],
    ['x'.repeat(21), `${'x'.repeat(19)}…`],
    ['', ''],
  ])('makes of %j one line', (text, line) => {
    expect(plainLine(text, 20)).toBe(line);
  });

  test.prop([fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 })])(
    'never is longer, and stays as it is',
    (text, most) => {
      const line = plainLine(text, most);
      expect(line.length).toBeLessThanOrEqual(most);
      expect(plainLine(line, most)).toBe(line);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    },
  );
});
