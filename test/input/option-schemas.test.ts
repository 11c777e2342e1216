import { describe, expect, test } from 'vitest';
import { gradeAnswersWithFallback, isGradingOptionsError, type GradingOptions } from 'gradelanes';
import { mockProvider } from 'gradelanes/testing';
import { sampleAnswers } from '../sample-answers.js';

const provider = mockProvider();

/** What a run with such an option is refused with. */
async function misuse(options: object): Promise<{ field: string; rule: string; received: string }> {
  const calls = provider.calls.length;
  const error: unknown = await gradeAnswersWithFallback(sampleAnswers(1), { provider, ...options }).catch(
    (thrown: unknown) => thrown,
  );
  if (!isGradingOptionsError(error)) throw new Error(`not refused: ${JSON.stringify(options)}`, { cause: error });
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toBe(`${error.field} ${error.rule}: received ${error.received}`);
  expect(provider.calls).toHaveLength(calls);
  const { field, rule, received } = error;
  return { field, rule, received };
}

const tooMany = 'must be an integer from 1 to 10';
const positiveMs = 'must be a number of milliseconds above 0';
const anyMs = 'must be a number of milliseconds, 0 or more';
const timerMs = 'must be at most 2147483647 milliseconds';

describe('an option that makes no sense is refused with its field, its rule and what was received', () => {
  test.each<[keyof GradingOptions, unknown, string | RegExp, string]>([
    ['provider', undefined, /^must be a provider with a grade\(\) or generate\(\) method/, 'undefined'],
    ['provider', null, /^must be a provider/, 'null'],
    ['provider', {}, /^must be a provider/, 'an object'],
    ['provider', 'openai', /^must be a provider/, '"openai"'],
    ['provider', { grade: true }, /^must be a provider/, 'an object'],
    ['provider', [], /^must be a provider.*at least one/, 'an empty list'],
    ['provider', [provider, {}], /^must be a provider/, 'a list whose item 1 is an object'],
    ['mode', 'turbo', "must be one of 'auto', 'parallel', 'batch', 'sequential'", '"turbo"'],
    ['mode', null, "must be one of 'auto', 'parallel', 'batch', 'sequential'", 'null'],
    ['context', 7, 'must be a text', '7'],
    ['context', null, 'must be a text', 'null'],
    ['instructions', ['be strict'], 'must be a text', 'an array of 1'],
    ['maxConcurrentTasks', 0, tooMany, '0'],
    ['maxConcurrentTasks', 11, tooMany, '11'],
    ['maxConcurrentTasks', 1.5, tooMany, '1.5'],
    ['maxConcurrentTasks', -1, tooMany, '-1'],
    ['maxConcurrentTasks', Number.NaN, tooMany, 'NaN'],
    ['maxConcurrentTasks', Infinity, tooMany, 'Infinity'],
    ['maxConcurrentTasks', '5', tooMany, '"5"'],
    ['maxConcurrentTasks', null, tooMany, 'null'],
    ['controller', {}, 'must come from createConcurrencyController()', 'an object'],
    ['controller', 5, 'must come from createConcurrencyController()', '5'],
    ['batchSize', 0, tooMany, '0'],
    ['batchSize', 11, tooMany, '11'],
    ['batchAcrossLearners', 'yes', 'must be true or false', '"yes"'],
    ['parallelEnabled', 0, 'must be true or false', '0'],
    ['localGrading', 'all', /^must be true, false or/, '"all"'],
    ['localGrading', null, /^must be true, false or/, 'null'],
    ['localGrading', [], /^must be true, false or/, 'an array of 0'],
    ['guards', 'all', /^must be/, '"all"'],
    ['feedback', 'long', /^must be true, false or an object/, '"long"'],
    ['attemptTimeoutMs', 0, positiveMs, '0'],
    ['attemptTimeoutMs', -1, positiveMs, '-1'],
    ['attemptTimeoutMs', Number.NaN, positiveMs, 'NaN'],
    ['attemptTimeoutMs', Infinity, /^must be/, 'Infinity'],
    ['attemptTimeoutMs', 2 ** 31, timerMs, '2147483648'],
    ['attemptTimeoutMs', '60000', positiveMs, '"60000"'],
    ['deadlineMs', -1, anyMs, '-1'],
    ['deadlineMs', 2 ** 31, timerMs, '2147483648'],
    ['retry', true, /^must be false or an object/, 'true'],
    ['retry', 3, /^must be false or an object/, '3'],
    ['abortGraceMs', -1, anyMs, '-1'],
    ['onResult', 'log', 'must be a function', '"log"'],
    ['onEvent', {}, 'must be a function', 'an object'],
    ['onProgress', 7, 'must be a function', '7'],
    ['random', 0.5, 'must be a function', '0.5'],
    ['signal', {}, 'must be an AbortSignal', 'an object'],
    ['signal', new AbortController(), 'must be an AbortSignal', 'an object'],
    ['logger', console.log, /^must have debug, info, warn and error methods/, 'a function'],
    ['logger', { info: () => {} }, /^must have debug, info, warn and error methods/, 'an object'],
    ['clock', Date, /^must be a clock/, 'a function'],
    ['clock', { now: () => 0 }, /^must be a clock/, 'an object'],
  ])('%s: %o', async (field, value, rule, received) => {
    expect(await misuse({ [field]: value })).toEqual({
      field,
      rule: typeof rule === 'string' ? rule : expect.stringMatching(rule),
      received,
    });
  });

  test.each([
    ['retry.maxAttempts', { retry: { maxAttempts: 0 } }, '0'],
    ['retry.maxAttempts', { retry: { maxAttempts: 1.5 } }, '1.5'],
    ['retry.baseDelayMs', { retry: { baseDelayMs: -1 } }, '-1'],
    ['retry.maxDelayMs', { retry: { maxDelayMs: '8s' } }, '"8s"'],
    ['retry.maxRetryAfterMs', { retry: { maxRetryAfterMs: Number.NaN } }, 'NaN'],
    ['retry.attempts', { retry: { attempts: 3 } }, '3'],
    ['feedback.language', { feedback: { language: 49 } }, '49'],
    ['feedback.maxCharacters', { feedback: { maxCharacters: 0 } }, '0'],
    ['feedback.revealReference', { feedback: { revealReference: 1 } }, '1'],
    ['feedback.length', { feedback: { length: 10 } }, '10'],
    ['adaptive', { adaptive: 5 }, '5'],
    ['limits', { limits: 60 }, '60'],
    ['hedge', { hedge: 0.05 }, '0.05'],
    ['order', { order: 'random' }, '"random"'],
    ['priority', { priority: 'high' }, '"high"'],
    ['adaptive.min', { adaptive: { min: 0 } }, '0'],
    ['adaptive.maximum', { adaptive: { maximum: 5 } }, '5'],
    ['limits.requestsPerMinute', { limits: { requestsPerMinute: 0 } }, '0'],
    ['limits.tokensPerMinute', { limits: { tokensPerMinute: Infinity } }, 'Infinity'],
    ['limits.burst', { limits: { burst: 1.5 } }, '1.5'],
    ['hedge.budget', { hedge: { budget: 2 } }, '2'],
    ['hedge.afterPercentile', { hedge: { afterPercentile: 101 } }, '101'],
    ['retry.budget', { retry: { budget: -1 } }, '-1'],
    ['guards.maxAnswerCharacters', { guards: { maxAnswerCharacters: 0 } }, '0'],
    ['localGrading.rules', { localGrading: { rules: 'on' } }, '"on"'],
    ['cache', { cache: 'memory' }, '"memory"'],
    ['cache', { cache: [] }, 'an array of 0'],
    ['cache.store', { cache: {} }, 'undefined'],
    ['cache.store', { cache: { get: () => undefined } }, 'an object'],
    ['cache.ttlMs', { cache: { store: new Map(), ttlMs: 0 } }, '0'],
    ['resumeFrom', { resumeFrom: { results: 'all' } }, 'an object'],
    ['cache.ttl', { cache: { store: new Map(), ttl: 60 } }, '60'],
    ['localGrading.rule', { localGrading: { rule: true } }, 'true'],
  ])('%s', async (field, options, received) => {
    expect(await misuse(options)).toMatchObject({ field, received, rule: expect.stringMatching(/^(must|is) /) });
  });

  test('an unknown option by its name, whatever its value', async () => {
    expect(await misuse({ maxConcurrency: 3 })).toEqual({
      field: 'maxConcurrency',
      rule: 'is not an option (did you mean maxConcurrentTasks?)',
      received: '3',
    });
    expect(await misuse({ maxConcurrency: undefined })).toMatchObject({ field: 'maxConcurrency' });
  });
});

describe('what is accepted', () => {
  test.each<Omit<GradingOptions, 'provider'>>([
    { maxConcurrentTasks: 1 },
    { maxConcurrentTasks: 10 },
    { attemptTimeoutMs: 1 },
    { attemptTimeoutMs: 2 ** 31 - 1 },
    { attemptTimeoutMs: 1_500.5 },
    { deadlineMs: 0 },
    { abortGraceMs: 0 },
    { retry: { maxAttempts: 10 } },
    { localGrading: {} },
    { feedback: {} },
    { guards: true },
    { context: '' },
    { signal: new AbortController().signal },
    { logger: console },
  ])('%o', async (options) => {
    expect((await gradeAnswersWithFallback([], { provider, ...options })).results).toEqual([]);
  });

  test('options without a prototype, as a parser makes them', async () => {
    const options = Object.assign(Object.create(null), { provider }) as GradingOptions;
    expect((await gradeAnswersWithFallback([], options)).results).toEqual([]);
  });
});
