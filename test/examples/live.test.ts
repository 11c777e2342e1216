import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServer, type MockServer } from 'gradelanes/testing-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { liveAnswers } from '../../examples/live/answers.ts';
import { readArguments, type LiveOptions } from '../../examples/live/read-arguments.ts';
import { renderHtml, renderMarkdown } from '../../examples/live/render-live-report.ts';
import { openTarget, runLive } from '../../examples/live/run-live.ts';

const local = ['--base-url', 'http://localhost:11434/v1', '--model', 'qwen3'];

describe('the command line of npm run live', () => {
  test('takes a server on this machine without a word about money', () => {
    expect(readArguments(local)).toMatchObject({
      target: { kind: 'server', model: 'qwen3' },
      answers: 100,
      limit: 300,
    });
  });

  test('asks for --paid before it calls anybody else', () => {
    const foreign = ['--base-url', 'https://api.example/v1', '--model', 'm'];
    expect(() => readArguments(foreign)).toThrow('api.example may bill some 600 calls: add --paid');
    expect(readArguments([...foreign, '--paid'])).toMatchObject({ target: { kind: 'server' } });
  });

  test.each([
    [[], 'give --base-url with --model, or --gguf'],
    [['--gguf', 'model.gguf', ...local], 'give --base-url with --model, or --gguf'],
    [[...local, '--output', 'xml'], '--output must be json_schema, json_object, prompt: received xml'],
    [[...local, '--out', 'report.pdf'], '--out must end in .md or .html: received report.pdf'],
  ])('%j is refused', (words, message) => {
    expect(() => readArguments(words)).toThrow(message);
  });
});

test('a hundred answers are of all kinds, and no two are the same', () => {
  const answers = liveAnswers(100);
  expect(new Set(answers.map(({ id }) => id)).size).toBe(100);
  expect(new Set(answers.map(({ question }) => question.kind ?? 'short_answer')).size).toBeGreaterThanOrEqual(5);
});

describe('a run over a server', () => {
  let server: MockServer;
  let folder: string;
  beforeAll(async () => {
    server = await mockServer();
    folder = await mkdtemp(join(tmpdir(), 'live-'));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  test('grades every answer in every output mode and in batches, and writes both reports', async () => {
    const out = [join(folder, 'report.md'), join(folder, 'report.html')];
    const words = [
      '--base-url',
      `${server.url}/v1`,
      '--model',
      'mock',
      '--answers',
      '12',
      ...out.flatMap((path) => ['--out', path]),
    ];
    const options = readArguments(words) as LiveOptions;
    const lines: string[] = [];
    const report = await runLive(options, await openTarget(options), (line) => lines.push(line));
    expect(report.rows.map(({ name, graded, faults }) => [name, graded, faults])).toEqual([
      ['one answer a call, json_schema', 12, []],
      ['one answer a call, json_object', 12, []],
      ['one answer a call, prompt', 12, []],
      ['six answers a call, json_schema', 12, []],
    ]);
    expect(report.rows[0]).toMatchObject({ failed: {}, calls: 12, askedAgain: 0 });
    expect(report.agreement.map(({ name }) => name)).toEqual([
      expect.stringContaining('mock'),
      'offline grader',
      'chance',
    ]);
    expect(lines).toHaveLength(4);
    expect(await readFile(out[0] ?? '', 'utf8')).toBe(renderMarkdown(report));
    expect(await readFile(out[1] ?? '', 'utf8')).toBe(renderHtml(report));
  });

  test('names the code of every answer that has no mark', async () => {
    const failing = await mockServer({ respond: () => ({ text: 'no JSON' }) });
    const words = ['--base-url', `${failing.url}/v1`, '--model', 'mock', '--answers', '2', '--output', 'prompt'];
    const options = readArguments(words) as LiveOptions;
    const report = await runLive(options, await openTarget(options), () => {});
    await failing.close();
    expect(report.rows[0]).toMatchObject({ graded: 0, failed: { malformed: 2 }, askedAgain: 1, faults: [] });
    expect(renderMarkdown(report)).toContain('| 2 malformed |');
  });
});
