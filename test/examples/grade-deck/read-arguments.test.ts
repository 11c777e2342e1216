import { expect, test } from 'vitest';
import { readArguments, usage } from '../../../examples/grade-deck/read-arguments.ts';

test('readArguments without words asks for the offline grader and leaves the rest to the library', () => {
  expect(readArguments([])).toEqual({
    provider: 'offline',
    model: undefined,
    baseUrl: undefined,
    keyVariable: undefined,
    mode: 'auto',
    maxConcurrentTasks: undefined,
    simulatedLatencyMs: undefined,
  });
});

test('readArguments reads every option', () => {
  const words =
    '--provider openai --model m --base-url http://localhost/v1 --key-variable K --mode batch --concurrency 3';
  expect(readArguments(words.split(' '))).toEqual({
    provider: 'openai',
    model: 'm',
    baseUrl: 'http://localhost/v1',
    keyVariable: 'K',
    mode: 'batch',
    maxConcurrentTasks: 3,
    simulatedLatencyMs: undefined,
  });
  expect(readArguments(['-h'])).toBe('help');
});

test.for([
  ['--surprise', 'Unknown option'],
  ['deck.json', 'Unexpected argument'],
  ['--mode fast', '--mode must be auto, parallel, batch, sequential: received fast'],
  ['--concurrency many', '--concurrency must be a whole number: received many'],
  ['--base-url http://localhost', '--base-url goes with --provider openai and --model'],
  ['--provider openai --model m --base-url nowhere', '--base-url must be a URL'],
  ['--provider openai --simulate-latency 5', '--simulate-latency goes with the offline provider only'],
] as const)('readArguments refuses "%s"', ([line, says]) => {
  expect(() => readArguments(line.split(' '))).toThrow(says);
});

test('the usage text fits 80 columns', () => {
  expect(usage.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
