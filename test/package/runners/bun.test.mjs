import { jest, test } from 'bun:test';
import * as gradelanes from 'gradelanes';
import * as testing from 'gradelanes/testing';
import matrix from './matrix.cjs';

const fakes = {
  on: () => jest.useFakeTimers(),
  off: () => jest.useRealTimers(),
  advance: async (ms) => void jest.advanceTimersByTime(ms),
};
matrix.registerMatrix(test, { gradelanes, testing, fakes });
