import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { createStorage } from 'unstorage';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  createConcurrencyController,
  gradeAnswersInBatch,
  gradeAnswersWithFallback,
  isGradingAborted,
  promptGrader,
  ProviderError,
  type AnswerToGrade,
  type GradeCache,
  type GradedAnswer,
  type GradingEvent,
  type GradingOptions,
} from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';
import { expectEveryAnswerOnce, manualClock, mockLLM, mockProvider, type ManualClock } from 'gradelanes/testing';
import { outcomes, question, sampleAnswers } from '../../sample-answers.js';
import { SqliteMap } from '../../tools/sqlite-map.js';

const plain = { localGrading: false, retry: false, random: () => 0.5 } as const;
const named = (name = 'model-1') => Object.assign(mockProvider(0.7), { fingerprint: name });

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

async function run(answers: readonly AnswerToGrade[], options: Omit<GradingOptions, 'clock'>) {
  const report = await clock.runUntil(gradeAnswersWithFallback(answers, { ...plain, clock, ...options }));
  expectEveryAnswerOnce(report, answers);
  return report;
}

/** In real time, as the stores of others keep it. */
async function runNow(answers: readonly AnswerToGrade[], options: GradingOptions) {
  const report = await gradeAnswersWithFallback(answers, { ...plain, ...options });
  expectEveryAnswerOnce(report, answers);
  return report;
}

/** A store on SQLite: what is opened a second time holds what the first time put there. */
function keyvOnSqlite(): () => GradeCache {
  const folder = mkdtempSync(join(tmpdir(), 'grades-'));
  const open: SqliteMap[] = [];
  onTestFinished(() => {
    for (const map of open) map.close();
    rmSync(folder, { recursive: true });
  });
  return () => {
    const map = new SqliteMap(join(folder, 'grades.sqlite'));
    open.push(map);
    return new Keyv({ store: map });
  };
}

const always = (store: GradeCache) => () => () => store;
const stores: readonly [string, () => () => GradeCache][] = [
  ['a Map', always(new Map())],
  ['Keyv in memory', always(new Keyv())],
  ['Keyv on SQLite', keyvOnSqlite],
  ['cache-manager', always(createCache())],
  ['unstorage', always(createStorage())],
];

describe.each(stores)('%s as a cache', (_, prepare) => {
  test.each([undefined, 60_000])('gives back what was graded before, with a ttl of %s', async (ttlMs) => {
    const openStore = prepare();
    const provider = named();
    const answers = sampleAnswers(20, (index) => ({
      question: { ...question, prompt: `Why, with ${ttlMs}, ${index}?` },
    }));
    const before = await runNow(answers, { provider, cache: { store: openStore(), ttlMs } });
    expect(provider.calls).toHaveLength(20);
    const after = await runNow(answers, { provider, cache: { store: openStore(), ttlMs } });
    expect(provider.calls).toHaveLength(20);
    expect(outcomes(after)).toEqual(outcomes(before));
    expect(after.metrics).toMatchObject({ cachedCount: 20, requests: 0, localCount: 0, coalescedCount: 0 });
    expect(after.metrics.processingModeUsed).toBeUndefined();
  });
});

describe('a cached grade', () => {
  test('says everything that the first one said, except how it was got', async () => {
    const rubric = {
      criteria: [
        { id: 'why', description: 'Density', points: 2 },
        { id: 'where', description: 'Lakes' },
      ],
    };
    const marked = { ...question, id: 'q', rubric };
    const result = { levels: [5, 2], feedback: 'And where?', why: 'No lake.', confidence: 80 };
    const provider = mockLLM([JSON.stringify({ results: [result] })]);
    const cache = new Map<string, unknown>();
    const [first] = (await run([{ question: marked, answer: 'x', id: 'a', learnerId: 'l' }], { provider, cache }))
      .results;
    const [again] = (await run([{ question: marked, answer: 'x', id: 'b', learnerId: 'm' }], { provider, cache }))
      .results;
    const { mode: _, requestId: __, usage: ___, ...said } = first as GradedAnswer;
    expect(again).toEqual({ ...said, answerId: 'b', fromCache: true, attempts: 0, durationMs: 0, queuedMs: 0 });
    expect(first).toMatchObject({ fromCache: false, criteria: [{ scoreGiven: 2 }, { scoreGiven: 0.4 }] });
  });

  test('needs no slot and no place in a batch', async () => {
    const cache = new Map<string, unknown>();
    const provider = named();
    const answers = sampleAnswers(4);
    await run(answers.slice(0, 3), { provider, cache });
    const controller = createConcurrencyController({ maxConcurrentTasks: 1 });
    const { promise: taken, resolve: giveBack } = Promise.withResolvers<void>();
    const task = controller.run(() => taken);
    const settled: number[] = [];
    const report = gradeAnswersInBatch(answers, {
      ...plain,
      provider,
      cache,
      controller,
      onResult: ({ index }) => void settled.push(index),
    });
    await expect.poll(() => settled).toEqual([0, 1, 2]);
    giveBack();
    await task;
    expect((await report).metrics).toMatchObject({ cachedCount: 3, requests: 1 });
    expect(provider.calls.at(-1)?.items).toHaveLength(1);
  });

  test('is of the same answer, question, options and provider, whoever gave it', async () => {
    const cache = new Map<string, unknown>();
    const calls = async (answer: AnswerToGrade, options: Partial<GradingOptions> = {}) =>
      (await run([answer], { provider: named(), cache, ...options })).metrics.requests;
    const answer = { question, answer: 'It is less dense.' };
    const rubric = { criteria: [{ id: 'why', description: 'Density' }] };
    const model = { fingerprint: 'model-1', generate: async () => '{"results":[{"levels":[4]}]}' };
    const versioned = (promptVersion: string) => ({ provider: promptGrader(model, { promptVersion }) });
    expect(await calls(answer)).toBe(1);
    expect(await calls({ ...answer, learnerId: 'amina', id: 'row 1' })).toBe(0);
    expect(await calls({ ...answer, learnerId: 'bo', id: 'row 2' }, { maxConcurrentTasks: 1, mode: 'batch' })).toBe(0);
    expect(await calls({ ...answer, question: { ...question, rubric } })).toBe(1);
    expect(await calls(answer, { provider: named('model-2') })).toBe(1);
    expect(await calls(answer, { instructions: 'Be strict.' })).toBe(1);
    expect(await calls(answer, { feedback: false })).toBe(1);
    expect(await calls(answer, versioned('1'))).toBe(1);
    expect(await calls(answer, versioned('1'))).toBe(0);
    expect(await calls(answer, versioned('2'))).toBe(1);
  });
});

describe('what is not kept', () => {
  test.each<[string, Partial<GradingOptions>]>([
    ['failures', { provider: mockProvider(new ProviderError('refused', 'no')) }],
    ['grades that need review', { provider: mockProvider({ score: 0.7, confidence: 0.1 }) }],
    ["a stand-in's grades", { provider: [mockProvider(new ProviderError('auth', 'no')), offlineProvider()] }],
  ])('%s', async (_, options) => {
    const cache = new Map<string, unknown>();
    const answers = [{ question: { ...question, referenceAnswers: ['Ice is less dense.'] }, answer: 'less dense' }];
    await run(answers, { provider: named(), ...options, cache });
    expect(cache.size).toBe(0);
  });
});

describe('identical answers', () => {
  test('a thousand at once make one call and one entry', async () => {
    const cache = new Map<string, unknown>();
    const provider = named();
    const answers = sampleAnswers(1_000, (index) => ({ answer: 'the same', learnerId: `learner ${index}` }));
    const first = await run(answers, { provider, cache });
    expect(first.metrics.requests).toBe(1);
    expect(first.metrics.coalescedCount + first.metrics.cachedCount).toBe(999);
    const second = await run(answers, { provider, cache });
    expect(second.metrics).toMatchObject({ requests: 0, coalescedCount: 0, cachedCount: 1_000 });
    expect([provider.calls.length, cache.size]).toEqual([1, 1]);
  });

  test('one that comes while the first is being written needs no call', async () => {
    const { promise: written, resolve: finishWriting } = Promise.withResolvers<void>();
    const cache: GradeCache = { get: async () => null, set: () => written };
    const provider = named();
    const first = gradeAnswersWithFallback(sampleAnswers(1), { ...plain, provider, cache });
    await expect.poll(() => provider.calls).toHaveLength(1);
    const second = gradeAnswersWithFallback(sampleAnswers(1), { ...plain, provider, cache });
    const cached = expect(second).resolves.toMatchObject({ metrics: { cachedCount: 1, requests: 0 } });
    await cached;
    finishWriting();
    await first;
    expect(provider.calls).toHaveLength(1);
  });
});

describe('a cache that fails', () => {
  const never = new Promise<never>(() => {});
  const throwing = () => {
    throw new Error('redis://user:secret@host is down');
  };
  const thenable = new Proxy({}, { get: throwing });
  test.each<[string, GradeCache]>([
    ['throws', { get: throwing, set: throwing }],
    ['rejects', { get: async () => throwing(), set: async () => throwing() }],
    ['hangs', { get: () => never, set: () => never }],
    ['hangs when written', { get: () => undefined, set: () => never }],
    ['gives what throws when it is awaited', { get: () => thenable, set: () => thenable }],
  ])('that %s is empty, and tells so once', async (_, cache) => {
    const events: GradingEvent[] = [];
    const warnings: unknown[] = [];
    const logger = { debug() {}, info() {}, error() {}, warn: (...line: unknown[]) => void warnings.push(line) };
    const report = await run(sampleAnswers(100), {
      provider: named(),
      cache,
      logger,
      onEvent: (e) => void events.push(e),
    });
    expect(report.metrics).toMatchObject({ gradedCount: 100, cachedCount: 0, requests: 100 });
    expect(events.filter(({ type }) => type === 'cache-failed')).toHaveLength(1);
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings)).not.toContain('secret');
  });

  test('in the middle costs no answer', async () => {
    const map = new Map<string, unknown>();
    const provider = named();
    await run(sampleAnswers(50), { provider, cache: map });
    let lookups = 0;
    const failing: GradeCache = {
      get: (key) => (++lookups > 25 ? Promise.reject(new Error('down')) : map.get(key)),
      set: () => Promise.reject(new Error('down')),
    };
    const failures: GradingEvent[] = [];
    const report = await run(sampleAnswers(100), {
      provider,
      cache: failing,
      onEvent: (event) => void (event.type === 'cache-failed' && failures.push(event)),
    });
    expect(report.metrics).toMatchObject({ gradedCount: 100, cachedCount: 25, requests: 75 });
    expect(failures).toMatchObject([{ operation: 'get', error: new Error('down') }]);
  });

  test('that hangs is left alone for a while, so that the run is late by a second or so', async () => {
    let lookups = 0;
    const cache: GradeCache = { get: () => (lookups++, never), set: () => never };
    const report = await run(sampleAnswers(200), { provider: named(), cache });
    expect(lookups).toBeLessThanOrEqual(16);
    expect(report.metrics.totalProcessingTimeMs).toBeLessThanOrEqual(1_100);
  });

  test('does not hold back an abort', async () => {
    const abort = new AbortController();
    const cache: GradeCache = { get: () => never, set: () => never };
    const running = gradeAnswersWithFallback(sampleAnswers(3), {
      ...plain,
      provider: named(),
      cache,
      signal: abort.signal,
    });
    const caught = running.catch((error: unknown) => error);
    setImmediate(() => abort.abort());
    const error = await caught;
    expect(isGradingAborted(error) && outcomes(error.report)).toEqual(['aborted', 'aborted', 'aborted']);
  });
});

describe('what a store gives back', () => {
  const answers = sampleAnswers(1);

  test('counts under its own key alone', async () => {
    const map = new Map<string, unknown>();
    await run(sampleAnswers(2), { provider: named(), cache: map });
    const [first, second] = [...map.values()];
    const swapped: GradeCache = { get: (key) => (map.get(key) === first ? second : first), set: () => {} };
    expect((await run(sampleAnswers(2), { provider: named(), cache: swapped })).metrics.cachedCount).toBe(0);
  });

  property.prop([fc.oneof(fc.anything(), fc.json(), fc.string())], { numRuns: 50 })(
    'is a miss if it was not stored by this library',
    async (value) => {
      const report = await runNow(answers, { provider: named(), cache: { get: () => value, set: () => {} } });
      expect(report.metrics).toMatchObject({ cachedCount: 0, requests: 1, gradedCount: 1 });
    },
  );

  test.each<[string, (entry: { verdict: object }) => unknown]>([
    ['a score out of range', (entry) => ({ ...entry, verdict: { ...entry.verdict, score: 2 } })],
    ['no score', (entry) => ({ ...entry, verdict: { feedback: 'Well done.' } })],
    ['a score that is no number', (entry) => ({ ...entry, verdict: { ...entry.verdict, score: '1' } })],
    ['another version', (entry) => ({ ...entry, version: 0 })],
    ['another provider', (entry) => ({ ...entry, provider: 7 })],
    ['a verdict that would be doubted today', (entry) => ({ ...entry, verdict: { ...entry.verdict, confidence: 0 } })],
    ['half of it', (entry) => JSON.stringify(entry).slice(0, 60)],
    [
      'an object that throws',
      (entry) =>
        new Proxy(entry, {
          get: () => {
            throw new Error('no');
          },
        }),
    ],
  ])('is a miss with %s', async (_, damage) => {
    const map = new Map<string, unknown>();
    await run(answers, { provider: named(), cache: map });
    const [entry] = [...map.values()].map((value) => JSON.parse(String(value)) as { verdict: object });
    const whole = await run(answers, { provider: named(), cache: { get: () => entry, set: () => {} } });
    expect(whole.metrics.cachedCount).toBe(1);
    const damaged = entry && damage(entry);
    const report = await run(answers, { provider: named(), cache: { get: () => damaged, set: () => {} } });
    expect(report.metrics).toMatchObject({ cachedCount: 0, requests: 1, gradedCount: 1 });
  });
});
