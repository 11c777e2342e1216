import { mock, test } from 'node:test';
import * as gradelanes from 'gradelanes';
import * as testing from 'gradelanes/testing';
import matrix from './matrix.cjs';

const fakes = {
  on: () => mock.timers.enable(),
  off: () => mock.timers.reset(),
  advance: async (ms) => mock.timers.tick(ms),
};
matrix.registerMatrix((name, run) => void test(name, run), { gradelanes, testing, fakes });
