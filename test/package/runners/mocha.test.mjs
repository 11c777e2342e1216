import * as gradelanes from 'gradelanes';
import * as testing from 'gradelanes/testing';
import { useFakeTimers } from 'sinon';
import matrix from './matrix.cjs';

let timers;
const fakes = {
  on: () => void (timers = useFakeTimers()),
  off: () => timers.restore(),
  advance: (ms) => timers.tickAsync(ms),
};
matrix.registerMatrix(it, { gradelanes, testing, fakes });
