import { jest, test } from '@jest/globals';
import * as gradelanes from 'gradelanes';
import * as testing from 'gradelanes/testing';
import matrix from './matrix.cjs';

const fakes = {
  on: () => jest.useFakeTimers(),
  off: () => jest.useRealTimers(),
  advance: (ms) => jest.advanceTimersByTimeAsync(ms),
};
matrix.registerMatrix(test, { gradelanes, testing, fakes });
