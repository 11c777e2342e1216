import { describe, expect, test, vi } from 'vitest';
import {
  createConcurrencyController,
  DEFAULT_ABORT_GRACE_MS,
  DEFAULT_ATTEMPT_TIMEOUT_MS,
  DEFAULT_BATCH_SIZE,
  DEFAULT_FEEDBACK_CHARACTERS,
  DEFAULT_HEDGE,
  DEFAULT_RETRY,
  type GradingOptions,
} from 'gradelanes';
import { manualClock, mockLLM, mockProvider, seededRandom } from 'gradelanes/testing';
import { systemClock } from '../../src/contract/clock.js';
import { mergeOptions, resolveLocalGrading, resolveOptions } from '../../src/input/resolve-options.js';
import { secureRandom } from '../../src/input/secure-random.js';

const provider = mockProvider();

describe('the defaults of a run', () => {
  test('are those of the documentation', () => {
    expect(resolveOptions({ provider })).toMatchObject({
      providers: [provider],
      mode: 'auto',
      context: undefined,
      instructions: undefined,
      maxConcurrentTasks: undefined,
      controller: undefined,
      batchSize: 6,
      batchAcrossLearners: false,
      parallelEnabled: true,
      localGrading: { rules: true, exactMatch: true, blank: true },
      feedback: { language: undefined, maxCharacters: 500, revealReference: false },
      attemptTimeoutMs: 60_000,
      deadlineMs: undefined,
      retry: { maxAttempts: 3, baseDelayMs: 500, maxDelayMs: 8_000, maxRetryAfterMs: 180_000 },
      abortGraceMs: 1_000,
      signal: undefined,
      clock: systemClock,
      random: secureRandom,
    });
  });

  test('are named constants', () => {
    expect([
      DEFAULT_BATCH_SIZE,
      DEFAULT_ATTEMPT_TIMEOUT_MS,
      DEFAULT_ABORT_GRACE_MS,
      DEFAULT_FEEDBACK_CHARACTERS,
    ]).toEqual([6, 60_000, 1_000, 500]);
    expect(DEFAULT_RETRY).toMatchObject({ maxAttempts: 3, baseDelayMs: 500, maxDelayMs: 8_000 });
  });

  test('stand where an option is undefined', () => {
    const names = Object.keys(resolveOptions({ provider }));
    const nothing = Object.fromEntries(names.filter((name) => name !== 'providers').map((name) => [name, undefined]));
    expect(resolveOptions({ ...nothing, provider })).toEqual(resolveOptions({ provider }));
  });
});

describe('options of a run', () => {
  test('are all taken over', () => {
    const clock = manualClock();
    const random = seededRandom(1);
    const controller = createConcurrencyController();
    const { signal } = new AbortController();
    const given: GradingOptions = {
      provider,
      mode: 'batch',
      context: 'the card',
      instructions: 'be strict',
      maxConcurrentTasks: 10,
      controller,
      batchSize: 10,
      batchAcrossLearners: true,
      parallelEnabled: false,
      attemptTimeoutMs: 1,
      deadlineMs: 0,
      abortGraceMs: 0,
      signal,
      clock,
      random,
    };
    const { provider: _, ...expected } = given;
    expect(resolveOptions(given)).toMatchObject(expected);
  });

  test.each<[GradingOptions['retry'], object]>([
    [false, { maxAttempts: 1 }],
    [{}, { maxAttempts: 3, baseDelayMs: 500, maxDelayMs: 8_000, maxRetryAfterMs: 180_000 }],
    [{ maxAttempts: 5 }, { maxAttempts: 5, baseDelayMs: 500 }],
    [
      { maxAttempts: undefined, baseDelayMs: 0 },
      { maxAttempts: 3, baseDelayMs: 0 },
    ],
  ])('retry: %o', (retry, expected) => {
    expect(resolveOptions({ provider, retry }).retry).toMatchObject(expected);
  });

  test.each<[GradingOptions['feedback'], object | undefined]>([
    [false, undefined],
    [true, { language: undefined, maxCharacters: 500, revealReference: false }],
    [
      { language: 'de', maxCharacters: 80, revealReference: true },
      { language: 'de', maxCharacters: 80, revealReference: true },
    ],
    [{ maxCharacters: undefined }, { language: undefined, maxCharacters: 500, revealReference: false }],
  ])('feedback: %o', (feedback, expected) => {
    expect(resolveOptions({ provider, feedback }).feedback).toEqual(expected);
  });

  const rare = { budget: 0.05, timesPercentile: 3, minKnownCalls: 10, isForStalled: true };
  const often = { timesPercentile: 1, minKnownCalls: 20, isForStalled: false };
  test.each<[GradingOptions['hedge'], object | undefined]>([
    [undefined, { ...rare, afterPercentile: 99, minDelayMs: 5_000 }],
    ['stalled', { ...rare, afterPercentile: 99, minDelayMs: 5_000 }],
    [false, undefined],
    [true, { ...often, ...DEFAULT_HEDGE }],
    [{}, { ...often, ...DEFAULT_HEDGE }],
    [
      { budget: 0.1, afterPercentile: 90, minDelayMs: 5 },
      { ...often, budget: 0.1, afterPercentile: 90, minDelayMs: 5 },
    ],
  ])('hedge: %o', (hedge, expected) => {
    expect(resolveOptions({ provider, hedge }).hedge).toEqual(expected);
  });

  test('guards are on by default and can be switched off', () => {
    expect(resolveOptions({ provider }).guards).toEqual(resolveOptions({ provider, guards: true }).guards);
    expect(resolveOptions({ provider }).guards).toBeDefined();
    expect(resolveOptions({ provider, guards: false }).guards).toBeUndefined();
    expect(resolveOptions({ provider, guards: { maxAnswerCharacters: 7 } }).guards).toMatchObject({
      maxAnswerCharacters: 7,
    });
  });

  test('that shape a controller are refused beside one', () => {
    const controller = createConcurrencyController();
    for (const [field, options] of [
      ['adaptive', { adaptive: true }],
      ['limits', { limits: { requestsPerMinute: 60 } }],
      ['limits', { adaptive: false, limits: {} }],
    ] as const) {
      expect(() => resolveOptions({ provider, controller, ...options })).toThrow(
        expect.objectContaining({ name: 'GradingOptionsError', field }),
      );
      expect(() => resolveOptions({ provider, ...options })).not.toThrow();
    }
    expect(() => resolveOptions({ provider, controller, adaptive: false, limits: undefined })).not.toThrow();
  });

  test('take one provider or a list, of either level', () => {
    const model = mockLLM();
    expect(resolveOptions({ provider: model }).providers).toEqual([model]);
    expect(resolveOptions({ provider: [provider, model] }).providers).toEqual([provider, model]);
  });

  test('take a provider whose methods are inherited', () => {
    class Custom {
      async grade() {
        return [];
      }
    }
    const custom = new Custom();
    expect(resolveOptions({ provider: custom }).providers[0]).toBe(custom);
  });

  test('are read once: what the caller changes later changes nothing', () => {
    const list: [typeof provider, ...(typeof provider)[]] = [provider];
    const given: GradingOptions = { provider: list, context: 'the card' };
    const resolved = resolveOptions(given);
    list.push(mockProvider());
    given.context = 'another';
    expect(resolved.providers).toHaveLength(1);
    expect(resolved.context).toBe('the card');
  });
});

describe('which answers are decided without a model', () => {
  test.each([
    [undefined, undefined, [true, true, true]],
    [true, undefined, [true, true, true]],
    [false, undefined, [false, false, false]],
    [{ rules: false }, undefined, [false, true, true]],
    [false, true, [true, true, true]],
    [true, false, [false, false, false]],
    [false, { blank: true }, [false, false, true]],
    [{ exactMatch: false }, { rules: false }, [false, false, true]],
    [{ exactMatch: false }, { exactMatch: true }, [true, true, true]],
    [{ rules: undefined }, { blank: undefined }, [true, true, true]],
  ])('says the run %o and the question %o', (run, question, [rules, exactMatch, blank]) => {
    expect(resolveLocalGrading(run, question)).toEqual({ rules, exactMatch, blank });
  });
});

describe('options of a grader and of a call', () => {
  test('undefined leaves the default in place, anything else replaces it', () => {
    const defaults: GradingOptions = { provider, context: 'the card', batchSize: 3 };
    expect(mergeOptions(defaults, { context: undefined, batchSize: 4, retry: false })).toMatchObject({
      provider,
      context: 'the card',
      batchSize: 4,
      retry: false,
    });
  });

  test('both listen, the grader first', () => {
    const order: string[] = [];
    const merged = mergeOptions(
      { provider, onEvent: () => void order.push('grader') },
      { onEvent: () => void order.push('call') },
    );
    merged.onEvent?.({ type: 'answer-started', index: 0, atMs: 0, runId: 'run' });
    expect(order).toEqual(['grader', 'call']);
  });

  test('one listener stays itself', () => {
    const listener = vi.fn();
    expect(mergeOptions({ provider, onProgress: listener }, {}).onProgress).toBe(listener);
    expect(mergeOptions({ provider }, { onResult: listener }).onResult).toBe(listener);
    expect(mergeOptions({ provider }, {}).onEvent).toBeUndefined();
  });
});

test('the defaults that are exported cannot be changed for everybody', () => {
  expect(Object.isFrozen(DEFAULT_RETRY)).toBe(true);
  expect(Object.isFrozen(DEFAULT_HEDGE)).toBe(true);
});

test('chance that nobody injects is 0 or more and below 1, and does not come from Math.random', () => {
  const values = Array.from({ length: 2_000 }, secureRandom);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expect(new Set(values).size).toBeGreaterThan(1_990);
  expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.5, 1);
});
