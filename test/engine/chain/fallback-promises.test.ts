import { fc } from '@fast-check/vitest';
import {
  gradeAnswersInBatch,
  gradeAnswersWithFallback,
  ProviderError,
  type FailureCode,
  type GradingItem,
  type GradingOptions,
  type GradingProvider,
  type GradingReport,
} from 'gradelanes';
import { manualClock, mockProvider, type ManualClock, type MockProvider } from 'gradelanes/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { positionOf, sampleAnswers } from '../../sample-answers.js';

const { assert, asyncProperty, constantFrom, integer, nat } = fc;

const TRANSPORT = ['rate_limited', 'overloaded', 'timeout', 'network', 'server'] as const;
const ONE_ANSWERS_OWN = [
  ...TRANSPORT,
  'unknown',
  'malformed',
  'truncated',
  'too_large',
  'refused',
  'invalid_request',
  'unsupported',
] as const;

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

const fault = (code: FailureCode): ProviderError => new ProviderError(code, `injected: ${code}`);
const plain = { localGrading: false, random: () => 0.5 } as const;

/** Grades every single answer; `failure` ends calls of several. */
function onlySingles(failure: () => Error): MockProvider {
  return mockProvider((_, { callId }) => (itemsOf(provider, callId).length > 1 ? failure() : 1), {
    clock,
    delayMs: 50,
  });
}

let provider: MockProvider;
function itemsOf({ calls }: MockProvider, callId: string): readonly GradingItem[] {
  return calls.findLast((call) => call.callId === callId)?.items ?? [];
}

async function run(
  grade: typeof gradeAnswersInBatch | typeof gradeAnswersWithFallback,
  count: number,
  options: Partial<GradingOptions> = {},
): Promise<GradingReport> {
  return clock.runUntil(grade(sampleAnswers(count), { ...plain, provider, clock, ...options }));
}

describe('a provider that grades every single answer but no call of several', () => {
  const failures: readonly [string, () => Error][] = [
    ...(['timeout', 'server', 'overloaded', 'network'] as const).map((code): [string, () => Error] => [
      code,
      () => fault(code),
    ]),
    ['a plain Error', () => new Error('no')],
  ];

  test.each(failures.flatMap(([name, failure]) => [12, 30, 100, 300].map((count) => [name, count, failure] as const)))(
    'that ends in %s grades all of %i answers in batch mode, with few calls beyond',
    async (_, count, failure) => {
      provider = onlySingles(failure);
      const { metrics } = await run(gradeAnswersWithFallback, count, { mode: 'batch' });
      expect(metrics).toMatchObject({ gradedCount: count, processingModeUsed: 'sequential_fallback' });
      const batches = Math.ceil(count / 6);
      expect(provider.calls.length).toBeLessThanOrEqual(batches + 2.2 * count + 10);
    },
  );

  test.each(failures)('that ends in %s grades all of them without the other modes as well', async (_, failure) => {
    provider = onlySingles(failure);
    const { metrics } = await run(gradeAnswersInBatch, 100);
    expect(metrics).toMatchObject({ gradedCount: 100, processingModeUsed: 'batch' });
  });
});

describe('a provider that takes one call at a time', () => {
  test.each([
    ['overloaded', {}],
    ['network', {}],
    ['overloaded', { maxConcurrentTasks: 10 }],
    ['overloaded', { adaptive: true }],
  ] as const)('and ends the others in %s grades all of 100 answers with %o', async (code, options) => {
    let running = 0;
    const busy: GradingProvider = {
      grade: async (items) => {
        const isAlone = ++running === 1;
        await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 50));
        running--;
        if (!isAlone) throw fault(code);
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const { metrics } = await run(gradeAnswersWithFallback, 100, { ...options, provider: busy });
    expect(metrics.gradedCount).toBe(100);
  });
});

describe('an answer that no call survives', () => {
  test.each(ONE_ANSWERS_OWN)('with %s takes no other answer with it, wherever it stands', async (code) => {
    await assert(
      asyncProperty(
        integer({ min: 2, max: 30 }),
        nat(),
        integer({ min: 2, max: 10 }),
        constantFrom(gradeAnswersInBatch, gradeAnswersWithFallback),
        async (count, at, batchSize, grade) => {
          clock = manualClock();
          const poison = at % count;
          provider = mockProvider(
            (_, { callId }) =>
              itemsOf(provider, callId).some((item) => positionOf(item) === poison) ? fault(code) : 1,
            { clock, delayMs: 50 },
          );
          const mode = grade === gradeAnswersInBatch ? {} : ({ mode: 'batch' } as const);
          const { results } = await run(grade, count, { batchSize, ...mode });
          const failed = results.filter(({ status }) => status === 'failed');
          expect(failed.map(({ index }) => index)).toEqual([poison]);
          expect(failed).toMatchObject([{ error: { code } }]);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('an outage', () => {
  test.each(TRANSPORT.filter((code) => code !== 'rate_limited'))(
    'of %s is named by every answer that it costs',
    async (code) => {
      provider = mockProvider(() => fault(code), { clock, delayMs: 50 });
      for (const mode of ['parallel', 'batch', 'sequential'] as const) {
        clock = manualClock();
        provider = mockProvider(() => fault(code), { clock, delayMs: 50 });
        const { results } = await run(gradeAnswersWithFallback, 40, { mode });
        expect(new Set(results.map((result) => (result.status === 'failed' ? result.error.code : 'graded')))).toEqual(
          new Set([code]),
        );
      }
    },
  );
});

describe('the documented remedy', () => {
  /** Calls in each mode: where the code decides, where the error says `retryable: true`, where it says false. */
  const callsPerMode: Readonly<Record<string, readonly [byCode: number, ifTrue: number, ifFalse: number]>> = {
    overloaded: [3, 3, 1],
    timeout: [3, 3, 1],
    network: [3, 3, 1],
    server: [3, 3, 1],
    malformed: [2, 2, 2],
    truncated: [2, 2, 2],
    unknown: [1, 3, 1],
  };
  const oneProviderOnly = [
    'too_large',
    'refused',
    'invalid_request',
    'unsupported',
    'auth',
    'quota',
    'not_found',
  ] as const;
  const modes = { parallel: 2, batch: 2, sequential: 1 } as const;
  const flags = [undefined, true, false] as const;

  const rows = Object.entries(modes).flatMap(([mode, modeCount]) =>
    flags.flatMap((retryable, flag) => [
      ...Object.entries(callsPerMode).map(([code, calls]) => ({
        code,
        mode,
        retryable,
        calls: (calls[flag] ?? 0) * modeCount,
      })),
      // A provider that lets nothing through for three pauses in a row is left.
      { code: 'rate_limited', mode, retryable, calls: retryable === false ? modeCount : 3 },
      ...oneProviderOnly.map((code) => ({ code, mode, retryable, calls: 1 })),
    ]),
  );

  test.each(rows)(
    'for $code in $mode mode, retryable: $retryable, is $calls calls, then the next provider',
    async (row) => {
      const error = new ProviderError(row.code as FailureCode, 'injected', { retryable: row.retryable });
      const first = mockProvider(() => error, { name: 'first', clock });
      const second = mockProvider(1, { name: 'second', clock });
      const mode = row.mode as 'parallel' | 'batch' | 'sequential';
      const { results, metrics } = await run(gradeAnswersWithFallback, 1, {
        ...{ mode, provider: [first, second] },
        // More slots than calls, so that no circuit opens.
        maxConcurrentTasks: 10,
      });
      expect(results).toMatchObject([{ status: 'graded', provider: 'second' }]);
      expect(first.calls).toHaveLength(row.calls);
      expect(metrics.fallbacks.at(-1)).toMatchObject({ kind: 'provider', code: row.code });
    },
  );
});
