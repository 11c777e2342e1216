import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as gradelanes from 'gradelanes';
import type { GradingReport } from 'gradelanes';
import * as testing from 'gradelanes/testing';
import {
  eventLog,
  expectEveryAnswerOnce,
  faultyProvider,
  manualClock,
  mockLLM,
  seededRandom,
} from 'gradelanes/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { outcomes } from './sample-answers.js';

const TIMERS = ['setTimeout', 'setInterval'] as const;
const source = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../src/${path}`, import.meta.url)), 'utf8');

const filesIn = (folder: string): string[] =>
  readdirSync(fileURLToPath(new URL(`../src/${folder}`, import.meta.url)), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Ten minutes of a bad day: 429 with Retry-After, hangs, damaged replies, a deadline. */
const badDay = async (
  seed: number,
  { gradeAnswersWithFallback }: Pick<typeof gradelanes, 'gradeAnswersWithFallback'> = gradelanes,
): Promise<{ report: GradingReport; lines: readonly string[]; calls: number }> => {
  const clock = manualClock();
  const log = eventLog({ times: true });
  const model = mockLLM(0.8, { clock, delayMs: 4_000 });
  const faults = {
    rate_limited: 0.12,
    overloaded: 0.06,
    hang: 0.03,
    ignores_abort: 0.01,
    malformed: 0.04,
    wrong_id: 0.04,
  };
  const provider = faultyProvider(model, { seed, faults, retryAfterMs: 20_000 }, { clock });
  const answers = Array.from({ length: 100 }, (_, index) => ({
    question: { id: `q${index % 7}`, prompt: `Why does ice float, part ${index % 7}?` },
    answer: `Because of reason ${index}.`,
  }));
  const options = { provider, clock, random: seededRandom(seed), deadlineMs: 600_000, onEvent: log.onEvent };
  const report = await clock.runUntil(gradeAnswersWithFallback(answers, options));
  expectEveryAnswerOnce(report, answers);
  expect(clock.pendingTimers).toBe(0);
  return { report, lines: log.lines, calls: provider.injected.length };
};

describe('the testing entry', () => {
  test('exports these and nothing else', () => {
    expect(Object.keys(testing)).toMatchInlineSnapshot(`
      [
        "eventLog",
        "expectEveryAnswerOnce",
        "faultPlanFromEnvironment",
        "faultyProvider",
        "manualClock",
        "fileCassette",
        "memoryCassette",
        "mockLLM",
        "mockProvider",
        "providerContract",
        "recordProvider",
        "replayProvider",
        "seededRandom",
      ]
    `);
  });

  test('loads no test runner and nothing of Node', () => {
    const files = ['testing.ts', ...filesIn('testing')];
    const imports = files.flatMap((file) =>
      [...source(file).matchAll(/(?:from|import\() ?'([^']+)'/g)].map((match) => match[1]),
    );
    expect(imports.length).toBeGreaterThan(50);
    expect(
      imports.filter(
        (name) => name?.startsWith('.') !== true && name !== 'gradelanes' && name !== 'gradelanes/testing',
      ),
    ).toEqual([]);
  });
});

describe('ten minutes of a bad day on the manual clock', () => {
  test('need no real timer, at most 200 calls, and hardly any time', async () => {
    const spies = TIMERS.map((name) => vi.spyOn(globalThis, name));
    const startedAt = performance.now();
    const { report, calls } = await badDay(10);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([0, 0]);
    expect(calls).toBeLessThanOrEqual(200);
    // Near the deadline, what would come too late is not waited for.
    expect(report.metrics.totalProcessingTimeMs).toBeGreaterThan(540_000);
    expect(report.metrics.totalProcessingTimeMs).toBeLessThanOrEqual(600_000);
    expect(report.metrics).toMatchObject({ requests: calls });
    const { retries, rateLimited, pausedMs, gradedCount } = report.metrics;
    expect(Math.min(retries, rateLimited, pausedMs, gradedCount)).toBeGreaterThan(0);
    expect(outcomes(report)).toContain('deadline_exceeded');
  });

  test.each([1, 2, 3])('repeat themselves bit for bit from seed %i', async (seed) => {
    const [first, second] = [await badDay(seed), await badDay(seed)];
    expect(second.lines).toEqual(first.lines);
    expect(second.report).toEqual(first.report);
  });

  test.each([1, 2, 3, 4, 5])(
    'repeat themselves when the engine loads its chunks only now, from seed %i',
    async (seed) => {
      vi.resetModules();
      const fresh = await import('gradelanes');
      const [first, second] = [await badDay(seed, fresh), await badDay(seed, fresh)];
      expect(fresh.gradeAnswersWithFallback).not.toBe(gradelanes.gradeAnswersWithFallback);
      expect(second.lines).toEqual(first.lines);
    },
  );

  test('run beside the fake timers of a runner', async () => {
    const { lines } = await badDay(4);
    vi.useFakeTimers();
    expect((await badDay(4)).lines).toEqual(lines);
    expect(vi.getTimerCount()).toBe(0);
  });
});
