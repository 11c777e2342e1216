import { expect, test } from 'vitest';
import { formatDuration } from '../../src/elements/format-duration.js';

test.for([
  [0, '0 ms'],
  [0.4, '0 ms'],
  [340.4, '340 ms'],
  [999.6, '1.0 s'],
  [1_240, '1.2 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 0 s'],
  [125_400, '2 min 5 s'],
] as const)('formatDuration writes %s ms as %s', ([milliseconds, text]) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
