import { expect, test } from 'vitest';
import { readArguments, usage } from '../../../examples/evaluate-grader/read-arguments.ts';

test('readArguments without words takes the answers of the example and the offline grader', () => {
  expect(readArguments([])).toMatchObject({
    ...{ file: 'examples/evaluate-grader/marked-answers.jsonl', out: 'evaluation.html', limit: undefined },
    provider: 'offline',
  });
});

test('readArguments reads every option', () => {
  const words = 'a.jsonl --out b.html --limit 9 --provider openai --model m --base-url http://localhost/v1';
  expect(readArguments(`${words} --key-variable K --concurrency 3`.split(' '))).toEqual({
    ...{ file: 'a.jsonl', out: 'b.html', limit: 9, provider: 'openai', model: 'm' },
    ...{ baseUrl: 'http://localhost/v1', keyVariable: 'K', maxConcurrentTasks: 3 },
  });
  expect(readArguments(['-h'])).toBe('help');
});

test.for([
  ['--surprise', 'Unknown option'],
  ['a.jsonl b.jsonl', 'one file at a time: received 2'],
  ['--limit some', '--limit must be a whole number: received some'],
  ['--provider oracle', '--provider must be offline, anthropic, openai: received oracle'],
  ['--base-url http://localhost', '--base-url goes with --provider openai and --model'],
] as const)('readArguments refuses "%s"', ([line, says]) => {
  expect(() => readArguments(line.split(' '))).toThrow(says);
});

test('the usage text fits 80 columns', () => {
  expect(usage.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
