import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  gradeAnswersStream,
  gradeAnswersWithFallback,
  ProviderError,
  type AnswerToGrade,
  type CallContext,
  type GradingOptions,
  type GradingProvider,
  type GradingResult,
} from 'gradelanes';
import { manualClock } from 'gradelanes/testing';

/** `npm run bench -- boundaries` tries many more. */
const RUNS = Number(process.env['BOUNDARY_RUNS'] ?? 150);
const ANSWERS = 6;

class Row {
  readonly id = 'row';
  toJSON(): never {
    throw new Error('toJSON');
  }
}
const loop: { self?: unknown } = {};
loop.self = loop;
const throwing = Object.defineProperty({}, 'usage', {
  enumerable: true,
  get() {
    throw new Error('getter');
  },
});

/** Values that JavaScript lets anybody put anywhere. */
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    Number.NaN,
    Infinity,
    -Infinity,
    -1,
    0,
    -0,
    1e18,
    1e308,
    2 ** 31,
    10n,
    '',
    '5',
  ),
  fc.constantFrom<unknown>(
    true,
    Symbol('s'),
    () => 1,
    loop,
    throwing,
    new Row(),
    new Map([[1, loop]]),
    new Set([1]),
    /a/,
  ),
  fc.constantFrom<unknown>(
    new Date(Number.NaN),
    [],
    [undefined],
    {},
    'x'.repeat(5_000),
    '\u001b[2J\nline',
    Promise.resolve(1),
  ),
  fc.double(),
  fc.anything({ maxDepth: 2, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
);

const record = (...names: readonly string[]): fc.Arbitrary<object> =>
  fc.record(Object.fromEntries(names.map((name) => [name, nasty])), { requiredKeys: [] });

const reports: fc.Arbitrary<unknown> = fc.oneof(
  nasty,
  fc.record(
    {
      usage: fc.oneof(
        nasty,
        record('inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'),
      ),
      rateLimit: fc.oneof(
        nasty,
        record('requestLimit', 'remainingRequests', 'requestResetMs', 'tokenLimit', 'remainingTokens', 'tokenResetMs'),
      ),
      requestId: nasty,
      model: nasty,
    },
    { requiredKeys: [] },
  ),
);

/** An error of the right class whose fields somebody has changed since. */
const oddErrors: fc.Arbitrary<unknown> = fc
  .record({
    name: fc.constantFrom('code', 'retryable', 'scope', 'retryAfterMs', 'requestId', 'message', 'cause'),
    value: nasty,
  })
  .map(({ name, value }) => Object.defineProperty(new ProviderError('server', 'odd'), name, { value }));

const throwingErrors: fc.Arbitrary<unknown> = fc.constantFrom('code', 'retryAfterMs', 'message', 'scope').map((name) =>
  Object.defineProperty(new ProviderError('rate_limited', 'odd'), name, {
    get() {
      throw new Error('getter');
    },
  }),
);

const verdicts = (items: readonly { id: string }[]): object[] => items.map(({ id }) => ({ id, score: 0.5 }));

type Deed = (items: readonly { id: string; question: object }[], call: CallContext) => unknown;

/** What a provider in plain JavaScript may do instead of grading. */
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.constant<Deed>(verdicts),
  reports.map((report): Deed => (items, call) => {
    call.report(report as never);
    setTimeout(() => call.report(report as never), 0);
    return verdicts(items);
  }),
  fc.oneof(nasty, oddErrors, throwingErrors).map((error): Deed => () => {
    throw error;
  }),
  nasty.map(
    (value): Deed =>
      () =>
        value,
  ),
  fc.array(nasty, { maxLength: 3 }).map(
    (list): Deed =>
      () =>
        list,
  ),
  record('score', 'feedback', 'rationale', 'confidence', 'flags', 'criteria', 'refused', 'malformed').map(
    (fields): Deed =>
      (items) =>
        items.map(({ id }) => ({ id, ...fields })),
  ),
  nasty.map((value): Deed => (items) => {
    for (const item of items) Object.assign(item, { answer: value, id: value });
    return verdicts(items);
  }),
  nasty.map((value): Deed => (items) => {
    for (const { question } of items) Object.assign(question, { scoreMaximum: value, prompt: value });
    return verdicts(items);
  }),
);

/** Stores, limiters and listeners that answer, throw or reject with anything. */
const callbacks = nasty.chain((value) =>
  fc.constantFrom<(...args: readonly unknown[]) => unknown>(
    () => value,
    () => {
      throw value;
    },
    async () => value,
    async () => {
      throw value;
    },
  ),
);

const options: fc.Arbitrary<Partial<GradingOptions>> = fc.record(
  {
    mode: fc.constantFrom<GradingOptions['mode']>('auto', 'parallel', 'batch', 'sequential'),
    onResult: callbacks,
    onEvent: callbacks,
    onProgress: callbacks,
    resumeFrom: fc.oneof(
      callbacks,
      fc.array(nasty, { maxLength: 3 }).map((results) => ({ results })),
    ) as fc.Arbitrary<GradingOptions['resumeFrom']>,
    cache: fc.record({ get: callbacks, set: callbacks }),
    budget: fc.record({ maxTokens: fc.constantFrom(50_000), maxRequests: fc.constantFrom(200) }),
    limits: fc.record({ tokensPerMinute: fc.constantFrom(100_000) }),
    logger: fc.record({ debug: callbacks, info: callbacks, warn: callbacks, error: callbacks }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<GradingOptions>>;

/** Columns of a row beside those of a question. */
const columns = fc.dictionary(fc.constantFrom('quiz', 'created', 'row', 'tags'), nasty, { maxKeys: 3 });

interface Run {
  readonly deed: Deed;
  readonly options: Partial<GradingOptions>;
  readonly columns: object;
  readonly isStream: boolean;
}

const runs: fc.Arbitrary<Run> = fc.record({ deed: deeds, options, columns, isStream: fc.boolean() });

/** Half of the answers are the same text, so that keys are written. */
function answersFor(extra: object): readonly AnswerToGrade[] {
  return Array.from({ length: ANSWERS }, (_, index) => {
    const question = { prompt: `Why ${index % 2}?`, ...extra };
    Object.defineProperty(question, 'lazy', {
      enumerable: true,
      get() {
        throw new Error('not loaded');
      },
    });
    Object.assign(question, { quiz: { questions: [question], count: 3n } });
    return { question, answer: `answer ${index % 3}`, learnerId: 'ada' };
  });
}

async function resultsOf(run: Run): Promise<readonly GradingResult[]> {
  const clock = manualClock();
  const odd: GradingProvider = { name: 'odd', grade: async (items, call) => run.deed(items, call) as never };
  const sound: GradingProvider = { name: 'sound', grade: async (items) => items.map(({ id }) => ({ id, score: 1 })) };
  const given: GradingOptions = { provider: [odd, sound], ...run.options, clock, random: () => 0.5 };
  const answers = answersFor(run.columns);
  if (!run.isStream) return (await clock.runUntil(gradeAnswersWithFallback(answers, given))).results;
  const results: GradingResult[] = [];
  const read = async (): Promise<void> => {
    for await (const result of gradeAnswersStream(answers, given)) results.push(result);
  };
  await clock.runUntil(read());
  return results;
}

function expectSoundResult(result: GradingResult, index: number): void {
  expect(result.index).toBe(index);
  expect(structuredClone(result)).toEqual(result);
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  if (result.status === 'failed') {
    expect(result).not.toHaveProperty('scoreGiven');
    return;
  }
  expect(result.scoreMaximum).toBe(1);
  expect(result.scaledScore).toBeGreaterThanOrEqual(0);
  expect(result.scaledScore).toBeLessThanOrEqual(1);
  expect(result.model?.length ?? 0).toBeLessThanOrEqual(200);
  expect(result.requestId?.length ?? 0).toBeLessThanOrEqual(200);
}

describe('whatever stands at a boundary', () => {
  test.prop([runs], { numRuns: RUNS })(
    'every answer comes back once, as plain data, and nothing else is thrown',
    async (run) => {
      const results = await resultsOf(run);
      expect(results).toHaveLength(ANSWERS);
      for (const [index, result] of results.entries()) expectSoundResult(result, index);
    },
  );

  test('rows with columns that JSON cannot tell apart have a grade each', async () => {
    const marks: Record<string, number> = { first: 0.2, second: 0.8 };
    const byColumn: GradingProvider = {
      grade: async (items) =>
        items.map(({ id, question }) => ({
          id,
          score: marks[String((question as { row?: Map<string, string> }).row?.get('mark'))] ?? 0,
        })),
    };
    const answers = ['first', 'second'].map((mark) => {
      const question = { prompt: 'Why?', row: new Map([['mark', mark]]) };
      return { question, answer: 'the same' };
    });
    const { results } = await gradeAnswersWithFallback(answers, { provider: byColumn, cache: new Map() });
    expect(results.map((result) => result.status === 'graded' && result.scaledScore)).toEqual([0.2, 0.8]);
  });

  test('a provider that writes to a question changes nobody else’s marks', async () => {
    const question = { prompt: 'Why?', scoreMaximum: 2, referenceAnswers: ['because'] };
    const writes: GradingProvider = {
      grade: async (items) => {
        for (const item of items) item.question.scoreMaximum = 100;
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const honest: GradingProvider = { grade: async (items) => items.map(({ id }) => ({ id, score: 1 })) };
    const answers = [
      { question, answer: 'a' },
      { question, answer: 'b' },
    ];
    const { results } = await gradeAnswersWithFallback(answers, { provider: [writes, honest] });
    expect(results).toMatchObject([
      { status: 'graded', scoreGiven: 2 },
      { status: 'graded', scoreGiven: 2 },
    ]);
    expect(question.scoreMaximum).toBe(2);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no usage', { usage: null }],
    ['no time until the reset', { rateLimit: { remainingRequests: 0, requestResetMs: Number.NaN } }],
    ['endless time until the reset', { rateLimit: { remainingRequests: 0, requestResetMs: Infinity } }],
    ['limits of 0', { rateLimit: { requestLimit: 0, remainingRequests: 0, tokenLimit: 0, remainingTokens: 0 } }],
    ['less than nothing left', { rateLimit: { remainingRequests: -Infinity, requestResetMs: 1e18 } }],
    ['a limit of less than one', { rateLimit: { tokenLimit: 5e-324, remainingTokens: 0 } }],
    ['no limit at all', { rateLimit: null }],
  ])('a provider that reports %s grades as ever', async (_, report) => {
    const provider: GradingProvider = {
      grade: async (items, call) => {
        call.report(report as never);
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const answers = answersFor({});
    const { metrics } = await gradeAnswersWithFallback(answers, { provider, deadlineMs: 5_000 });
    expect(metrics.gradedCount).toBe(ANSWERS);
    const second = await gradeAnswersWithFallback(answers, { provider });
    expect(second.metrics.gradedCount).toBe(ANSWERS);
  });
});
