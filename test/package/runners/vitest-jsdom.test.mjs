// @vitest-environment jsdom
import * as gradelanes from 'gradelanes';
import * as testing from 'gradelanes/testing';
import { test, vi } from 'vitest';
import matrix from './matrix.cjs';

const fakes = {
  on: () => vi.useFakeTimers(),
  off: () => vi.useRealTimers(),
  advance: (ms) => vi.advanceTimersByTimeAsync(ms),
};
matrix.registerMatrix(test, { gradelanes, testing, fakes });
