// What breaks the contract. That our own providers keep it is in test/provider-contract.test.ts.
import { ProviderError, type GradingItem, type GradingProvider, type Provider } from 'gradelanes';
import {
  faultyProvider,
  mockProvider,
  providerContract,
  type ContractCaseName,
  type FaultName,
} from 'gradelanes/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';

/** Runs one case against a provider that breaks it. */
const breakCase = (name: ContractCaseName, provider: Provider): Promise<void> => {
  const found = providerContract(() => provider, { callLimitMs: 100, abortLimitMs: 20 }).find(
    (each) => each.name === name,
  );
  return found?.run() ?? Promise.reject(new Error(`no case ${name}`));
};

/** A provider that does nothing right but what it is given. */
const provider = (grade: (...call: Parameters<GradingProvider['grade']>) => unknown): GradingProvider => ({
  // Providers may be plain JavaScript.
  grade: grade as GradingProvider['grade'],
});
const perfect = (items: readonly GradingItem[]): object[] => items.map(({ id }) => ({ id, score: 1 }));
const later = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

describe('providerContract finds', () => {
  test.each<[ContractCaseName, Provider, string]>([
    [
      'declares capabilities that can be',
      mockProvider(1, { capabilities: { maxItemsPerCall: 0, maxConcurrency: 1.5 } }),
      'capabilities.maxItemsPerCall must be an integer of at least 1: received 0\ncapabilities.maxConcurrency',
    ],
    ['grades one answer', mockProvider(1.5), 'score must be 0..1: received 1.5'],
    ['grades one answer', mockProvider({ refused: true }), 'is no grade: {"refused":true'],
    ['grades one answer', provider(async () => 'fine'), 'grade() must resolve to a list: received string'],
    ['grades one answer', provider(async () => []), 'has 0 verdicts, not 1'],
    ['grades one answer', mockProvider(new Error('down')), 'down'],
    [
      'grades one answer',
      provider(() => {
        throw new Error('at once');
      }),
      'at once',
    ],
    ['grades one answer', provider(() => new Promise(() => {})), 'grade() did not settle within 100 ms'],
    [
      'grades one answer',
      provider(async (items, call) => {
        call.report({ usage: { inputTokens: -1, outputTokens: Number.NaN }, model: '', requestId: '' });
        return perfect(items);
      }),
      'report inputTokens must be 0 or more: received -1\nreport outputTokens must be 0 or more: received NaN\nreport model',
    ],
    [
      'grades one answer',
      provider(async (items) => items.map(({ id }) => ({ id, score: 1, at: new Date(0) }))),
      'verdicts.0.at must be plain JSON data',
    ],
    [
      'grades several answers in one call',
      faultyProvider(mockProvider(), ['wrong_id']),
      'belongs to no item of the call',
    ],
    ['grades several answers in one call', faultyProvider(mockProvider(), ['duplicate_id']), 'has 2 verdicts, not 1'],
    [
      'keeps concurrent calls apart',
      (() => {
        let shared: readonly GradingItem[] = [];
        return provider(async (items) => {
          shared = items;
          await later(1);
          return perfect(shared);
        });
      })(),
      'has 0 verdicts, not 1',
    ],
    [
      'grades by rubric',
      mockProvider({ criteria: [{ id: 'density', score: 1 }] }),
      'scores the criteria [density], not [density, reason, myth]',
    ],
    ['survives an empty answer', mockProvider(({ answer }) => (answer === '' ? new Error('empty') : 1)), 'empty'],
    ['survives a very long answer', mockProvider(({ answer }) => 1_000 / answer.length + 1), 'score must be 0..1'],
    [
      'survives hostile answers',
      mockProvider(({ answer }) => (answer.includes('\u0000') ? new Error('control character') : 1)),
      'control character',
    ],
    [
      'changes nothing that it is given',
      provider(async (items) => {
        // A cast that hides a mistake.
        (items as GradingItem[]).reverse();
        return perfect(items);
      }),
      'read only property',
    ],
    [
      'starts no call whose signal has aborted',
      provider(async (items) => perfect(items)),
      'grade() must reject when its signal has aborted',
    ],
    [
      'ends a call when its signal aborts',
      provider(async (items) => later(80).then(() => perfect(items))),
      'grade() did not settle after its signal aborted: pass call.signal on within 20 ms',
    ],
    ['grades one answer', mockProvider({ score: 1, confidence: 85 }), 'confidence must be 0..1: received 85'],
    ['grades one answer', mockProvider({ score: 1, feedback: 7 } as never), 'feedback must be a text: received number'],
    ['grades one answer', mockProvider({ score: 1, flags: 'odd' } as never), 'flags must be a list of texts'],
    ['grades one answer', mockProvider({ score: '1' } as never), 'score must be 0..1: received "1"'],
    [
      'grades one answer',
      provider(async (items, call) => {
        call.report({ usage: { inputTokens: 3 } as never });
        return perfect(items);
      }),
      'report usage must have outputTokens',
    ],
    [
      'declares capabilities that can be',
      mockProvider(1, { capabilities: { cachedPrefixTokens: -1 } }),
      'capabilities.cachedPrefixTokens must be an integer',
    ],
  ])('what breaks "%s" (%#)', async (name, broken, message) => {
    await expect(breakCase(name, broken)).rejects.toThrow(message);
  });

  test.each<FaultName>(['hang', 'out_of_range', 'missing_id', 'network'])(
    'a provider with the fault %s',
    async (fault) => {
      await expect(breakCase('grades one answer', faultyProvider(mockProvider(), [fault]))).rejects.toThrow(Error);
    },
  );
});

describe('providerContract and rejections', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('finds a promise that rejects after the abort and that nobody handles', async () => {
    const off = vi.fn<() => void>();
    vi.stubGlobal('process', {
      on: (_: string, listener: (reason: Error) => void) => listener(new Error('lost')),
      off,
    });
    await expect(breakCase('leaves no rejection unhandled', mockProvider())).rejects.toThrow(
      'a promise rejected after the abort, and nothing handled it',
    );
    expect(off).toHaveBeenCalledTimes(1);
  });
});

describe('providerContract accepts', () => {
  test.each(['refused', 'too_large', 'truncated', 'malformed', 'invalid_request'] as const)(
    'that answers which are hard to grade are declined as %s',
    async (code) => {
      const declining = mockProvider(({ answer }) => (answer.length > 1_000 ? new ProviderError(code, 'no') : 1));
      expect(await breakCase('survives a very long answer', declining)).toBeUndefined();
    },
  );

  test('that a local provider has nothing to abort', async () => {
    const local = { ...provider(async (items) => perfect(items)), capabilities: { local: true } };
    expect(await breakCase('starts no call whose signal has aborted', local)).toBeUndefined();
  });

  test('a question and answers of its own', async () => {
    const inner = mockProvider({ byQuestion: { mine: 1 } });
    const question = { id: 'mine', prompt: 'What is 2 + 2?' };
    const [first] = providerContract(() => inner, { question, answers: ['4', '5', 'four', '22', '3'] }).slice(1);
    expect(await first?.run()).toBeUndefined();
    expect(inner.answersSeen).toEqual(['4']);
  });

  test('a provider that is made asynchronously, afresh for every case', async () => {
    let made = 0;
    const cases = providerContract(async () => {
      made += 1;
      return mockProvider();
    });
    for (const { run } of cases) await run();
    expect(made).toBe(cases.length);
  });
});

describe('providerContract and rate limits', () => {
  const told = (error: Error) => {
    const cases = providerContract(() => mockProvider(error), { rateLimitNext: () => {} });
    return cases.find(({ name }) => name === 'tells a rate limit and its wait')?.run();
  };

  test.each([
    [new Error('429'), "a 429 must be thrown as new ProviderError('rate_limited', ...): received Error: 429"],
    [new ProviderError('server', '429'), 'received server'],
    [
      new ProviderError('rate_limited', 'slow down'),
      'Retry-After: 2 must be told as retryAfterMs 2000: received undefined',
    ],
  ])('%s is found', async (error, problem) => {
    await expect(told(error)).rejects.toThrow(problem);
  });

  test('a rate limit that is told passes', async () => {
    await told(new ProviderError('rate_limited', 'slow down', { retryAfterMs: 2_000 }));
  });
});
