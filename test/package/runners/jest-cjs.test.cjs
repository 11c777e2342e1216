const gradelanes = require('gradelanes');
const testing = require('gradelanes/testing');
const matrix = require('./matrix.cjs');

const fakes = {
  on: () => jest.useFakeTimers(),
  off: () => jest.useRealTimers(),
  advance: (ms) => jest.advanceTimersByTimeAsync(ms),
};
matrix.registerMatrix(test, { gradelanes, testing, fakes });

test('a module registry that was reset', async () => {
  jest.resetModules();
  const copy = { gradelanes: require('gradelanes'), testing: require('gradelanes/testing') };
  await matrix.expectCopiesWorkTogether({ gradelanes, testing }, copy);
});
