import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gradeAnswersConcurrently, gradeAnswersSequentially, gradeAnswersWithFallback, promptGrader } from 'gradelanes';
import {
  fileCassette,
  manualClock,
  memoryCassette,
  mockLLM,
  recordProvider,
  type CassetteStore,
} from 'gradelanes/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readCassette, writeCassette } from '../../../src/testing/cassettes/cassette-file.js';
import { sampleAnswers } from '../../sample-answers.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cassette-'));
  file = join(folder, 'grading.cassette.json');
  vi.stubEnv('CI', '');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const entryCount = (text = readFileSync(file, 'utf8')): number => readCassette(text, file).entries.length;
const unasked = () => mockLLM(new Error('asked'));

describe('a cassette of several tests', () => {
  test('keeps every entry of writers that work at the same time, on stores of their own', async () => {
    const [first, second] = [sampleAnswers(12), sampleAnswers(24).slice(12)];
    const write = (answers: typeof first) =>
      gradeAnswersConcurrently(answers, { provider: recordProvider(mockLLM(), fileCassette(file)) });
    await Promise.all([write(first), write(second)]);
    expect(entryCount()).toBe(24);
    expect(readdirSync(folder)).toEqual(['grading.cassette.json']);
    const strict = recordProvider(unasked(), fileCassette(file), { mode: 'strict' });
    const { metrics } = await gradeAnswersConcurrently([...first, ...second], { provider: strict });
    expect(metrics.gradedCount).toBe(24);
    expect(() => strict.verify()).not.toThrow();
  });

  test('keeps what was there when a run ends half-way', async () => {
    await gradeAnswersWithFallback(sampleAnswers(6), { provider: recordProvider(mockLLM(), fileCassette(file)) });
    const broken = mockLLM([1, 1], { rejectRun: true });
    const again = recordProvider(broken, fileCassette(file), { mode: 'record' });
    await expect(gradeAnswersSequentially(sampleAnswers(6), { provider: again })).rejects.toThrow('the script gave');
    expect(entryCount()).toBe(6);
  });

  test('is written at the end of a run behind a prompt grader too', async () => {
    const store = memoryCassette();
    const provider = promptGrader(recordProvider(mockLLM(), store));
    await gradeAnswersWithFallback(sampleAnswers(2), { provider, mode: 'parallel' });
    expect(entryCount(store.read())).toBe(2);
  });
});

describe('what a cassette does by itself', () => {
  test('records where there is nothing, and is strict where there is something and under CI', async () => {
    const text = writeCassette({ level: 'model', model: 'mock' }, []);
    const outcomes = async (store: CassetteStore, ci: string): Promise<number> => {
      vi.stubEnv('CI', ci);
      const model = mockLLM();
      await gradeAnswersWithFallback(sampleAnswers(1), { provider: recordProvider(model, store) });
      return model.calls.length;
    };
    expect(await outcomes(memoryCassette(), '')).toBe(1);
    expect(await outcomes(memoryCassette(text), '')).toBe(0);
    expect(await outcomes(memoryCassette(), 'true')).toBe(0);
  });

  test.each(['record', 'add'] as const)('never records under CI in mode %s', async (mode) => {
    vi.stubEnv('CI', 'true');
    const store = memoryCassette();
    const model = mockLLM();
    const run = gradeAnswersWithFallback(sampleAnswers(1), { provider: recordProvider(model, store, { mode }) });
    if (mode === 'record') await expect(run).rejects.toThrow('never recorded under CI');
    else expect((await run).metrics.failedCount).toBe(1);
    expect([model.calls.length, store.read()]).toEqual([0, undefined]);
  });

  test.each([
    ['a merge conflict', '{\n<<<<<<< ours\n"a": 1\n', ':2: .*merge conflict'],
    ['a text that ends too early', '{\n"gradelanesCassette": 2,\n"entr', ':3: .*no JSON'],
    ['another version', '{"gradelanesCassette": 9}', 'version 9, not 2'],
    [
      'an unknown failure',
      '{"gradelanesCassette":2,"level":"model","entries":[{"request":{},"failure":{"code":"oops"}}]}',
      'entry 1: .*received oops',
    ],
    [
      'a shared text that is missing',
      '{"gradelanesCassette":2,"level":"model","entries":[{"request":{"system":{"shared":"system 1"}}}]}',
      'entry 1: .*"system 1"',
    ],
  ])('rejects the run for %s, with file and line', async (_, text, expected) => {
    writeFileSync(file, text);
    const provider = recordProvider(unasked(), fileCassette(file));
    const run = gradeAnswersWithFallback(sampleAnswers(1), { provider });
    await expect(run).rejects.toThrow(new RegExp(`grading.cassette.json.*${expected}`));
    expect(provider.problems).toHaveLength(1);
  });

  test('rejects the run where the store cannot be read or written', async () => {
    const fail = (): never => {
      throw new Error('EROFS');
    };
    const stores = [
      { name: 'a.json', read: fail, write: () => {} },
      { name: 'a.json', read: () => undefined, write: fail },
    ];
    for (const [index, store] of stores.entries()) {
      const run = gradeAnswersWithFallback(sampleAnswers(1), { provider: recordProvider(mockLLM(), store) });
      await expect(run).rejects.toThrow(`a.json cannot be ${index === 0 ? 'read' : 'written'}: EROFS`);
    }
  });

  test('does not mind sorted keys, a byte-order mark or version 1', async () => {
    const store = memoryCassette();
    await gradeAnswersWithFallback(sampleAnswers(2), { provider: recordProvider(mockLLM(), store) });
    const { shared: _, ...cassette } = { ...readCassette(store.read() ?? '', 'it'), shared: undefined };
    const first = { ...cassette, gradelanesCassette: 1 };
    const sorted = JSON.stringify(sortKeys(first), null, 4);
    for (const text of [JSON.stringify(first), sorted, `\uFEFF${store.read()}`]) {
      const provider = recordProvider(unasked(), memoryCassette(text));
      expect((await gradeAnswersWithFallback(sampleAnswers(2), { provider })).metrics.gradedCount).toBe(2);
    }
  });

  test('knows its stale entries before the first call', async () => {
    await gradeAnswersWithFallback(sampleAnswers(3), { provider: recordProvider(mockLLM(), fileCassette(file)) });
    expect(recordProvider(unasked(), fileCassette(file)).staleEntries()).toHaveLength(3);
  });

  test('refuses calls that were recorded longer ago than maxAgeMs', async () => {
    const store = memoryCassette();
    const maxAgeMs = 30 * 86_400_000;
    const options = { provider: recordProvider(mockLLM(), store, { maxAgeMs }) };
    await gradeAnswersWithFallback(sampleAnswers(1), options);
    const old = memoryCassette(store.read()?.replace(/"recordedOn": "[^"]*"/, '"recordedOn": "2020-01-01"'));
    const replay = async (kept: CassetteStore): Promise<readonly string[]> => {
      const provider = recordProvider(unasked(), kept, { mode: 'strict', maxAgeMs });
      await gradeAnswersWithFallback(sampleAnswers(1), { provider });
      return provider.mismatches;
    };
    expect(await replay(memoryCassette(store.read()))).toEqual([]);
    expect(await replay(old)).toEqual([expect.stringContaining('recorded on 2020-01-01')]);
  });

  test('waits for a store that takes real time, also on a manual clock', async () => {
    const kept = memoryCassette();
    const later = <T>(value: () => T): Promise<T> =>
      new Promise((resolve) => void setTimeout(() => resolve(value()), 5));
    const store = { read: () => later(kept.read), write: (text: string) => later(() => void kept.write(text)) };
    const clock = manualClock();
    const model = mockLLM();
    const provider = recordProvider(model, store);
    const { metrics } = await clock.runUntil(gradeAnswersWithFallback(sampleAnswers(8), { provider, clock }));
    expect([metrics.gradedCount, model.calls.length, entryCount(kept.read())]).toEqual([8, 8, 8]);
  });

  test('takes time and room in proportion to its calls', async () => {
    const count = 1_000;
    const kept = memoryCassette();
    let written = 0;
    const store = {
      read: kept.read,
      write: (text: string) => {
        written += text.length;
        return kept.write(text);
      },
    };
    await gradeAnswersConcurrently(sampleAnswers(count), { provider: recordProvider(mockLLM(), store) });
    const size = kept.read()?.length ?? 0;
    expect(written / size).toBeLessThan(5);
    // 3,100 characters in version 1, of which three quarters were the same in all.
    expect(size / count).toBeLessThan(1_033);
  });
});

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([first], [second]) => (first < second ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sortKeys(each)]));
}
