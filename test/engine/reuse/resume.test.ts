import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  gradeAnswer,
  gradeAnswersInBatch,
  gradeAnswersStream,
  gradeAnswersWithFallback,
  isGradingAborted,
  promptGrader,
  ProviderError,
  type AnswerToGrade,
  type GradedAnswer,
  type GradingEvent,
  type GradingOptions,
  type GradingReport,
  type GradingResult,
  type ResultLookup,
} from 'gradelanes';
import { expectEveryAnswerOnce, manualClock, mockLLM, mockProvider } from 'gradelanes/testing';
import { allOf } from '../../tools/all-of.js';
import { outcomes, positionOf, question, sampleAnswers } from '../../sample-answers.js';

const plain = { retry: false, random: () => 0.5 } as const;
/** Marks that tell answers apart. */
const markOf = (item: { answer: string }) => (positionOf(item) % 10) / 10;
const named = (fingerprint = 'model-1') => Object.assign(mockProvider(markOf), { fingerprint });

async function run(answers: readonly AnswerToGrade[], options: GradingOptions): Promise<GradingReport> {
  const report = await gradeAnswersWithFallback(answers, { ...plain, ...options });
  expectEveryAnswerOnce(report, answers);
  return report;
}

/** What storage makes of a report. */
const stored = (report: GradingReport) => JSON.parse(JSON.stringify(report)) as GradingReport;

/** What was checkpointed by `onResult`, as texts. */
function checkpoints() {
  const byKey = new Map<string, string>();
  const onResult = (result: GradingResult) => {
    if (result.status === 'graded') byKey.set(result.key ?? 'none', JSON.stringify(result));
  };
  const find: ResultLookup = async (_, key) => JSON.parse(byKey.get(key) ?? 'null') as GradingResult | null;
  return { byKey, onResult, find };
}

describe('a finished run', () => {
  const answers = sampleAnswers(40, (index) => (index % 8 === 7 ? { answer: '' } : {}));

  test.each<[string, (before: GradingReport, store: ReturnType<typeof checkpoints>) => GradingOptions['resumeFrom']]>([
    ['its report', (before) => before],
    ['its stored report', (before) => stored(before)],
    ['a list by position', (before) => (index) => before.results[index]],
    ['a store of checkpoints', (_, { find }) => find],
  ])('is not graded again from %s', async (_, resumeFrom) => {
    const store = checkpoints();
    const provider = named();
    const before = await run(answers, { provider, onResult: store.onResult });
    expect(provider.calls).toHaveLength(35);
    const after = await run(answers, { provider, resumeFrom: resumeFrom(before, store) });
    expect(provider.calls).toHaveLength(35);
    expect(outcomes(after)).toEqual(outcomes(before));
    expect(after.metrics).toMatchObject({ gradedCount: 40, cachedCount: 40, requests: 0, coalescedCount: 0 });
    expect(after.metrics.usage).toBeUndefined();
    expect(after.metrics.processingModeUsed).toBeUndefined();
  });

  test('needs no keys in the process that made its report', async () => {
    const provider = named();
    const before = await run(answers, { provider });
    expect(before.results.every((result) => result.key === undefined)).toBe(true);
    const after = await run(answers, { provider, resumeFrom: before });
    expect([outcomes(after), after.metrics.requests]).toEqual([outcomes(before), 0]);
  });

  test('is found again whatever order its answers come in', async () => {
    const provider = named();
    const before = await run(answers, { provider, onResult: () => {} });
    const after = await run(answers.toReversed(), { provider, resumeFrom: stored(before) });
    expect([outcomes(after), after.metrics.requests]).toEqual([outcomes(before).toReversed(), 0]);
  });

  test('resumes as often as one likes, and streams too', async () => {
    const provider = named();
    const before = await run(answers, { provider });
    const again = await run(answers, { provider, resumeFrom: before });
    const stream = gradeAnswersStream(answers, { ...plain, provider, resumeFrom: stored(again) });
    const results = await allOf(stream);
    expect(outcomes({ results, metrics: before.metrics })).toEqual(outcomes(before));
    expect((await stream.metrics).requests).toBe(0);
    expect(results.map(({ index }) => index)).toEqual(answers.map((_, index) => index));
  });
});

describe('an interrupted run', () => {
  property.prop(
    [
      fc.uniqueArray(fc.nat(29)),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom('auto', 'parallel', 'batch', 'sequential'),
    ],
    { numRuns: 40 },
  )('asks for exactly the rest, whatever was there', async (kept, isStream, isAsync, mode) => {
    const answers = sampleAnswers(30);
    const full = await run(answers, { provider: named(), onResult: () => {} });
    const found = new Map(kept.map((index) => [index, full.results[index]]));
    const resumeFrom: ResultLookup = isAsync ? async (index) => found.get(index) : (index) => found.get(index);
    const provider = named();
    const options: GradingOptions = { ...plain, provider, mode, resumeFrom };
    const results = isStream
      ? await allOf(gradeAnswersStream(answers, options))
      : (await run(answers, options)).results;
    const rest = answers.filter((_, index) => !found.has(index)).map(({ answer }) => answer);
    expect(provider.answersSeen.toSorted()).toEqual(rest.toSorted());
    expect(outcomes({ results, metrics: full.metrics })).toEqual(outcomes(full));
    for (const result of results) {
      expect(result).toMatchObject({ fromCache: found.has(result.index), key: full.results[result.index]?.key });
    }
  });

  test('goes on from the report of its abort', async () => {
    const abort = new AbortController();
    const provider = named();
    const answers = sampleAnswers(20);
    const onResult = ({ index }: GradingResult) => {
      if (index === 9) abort.abort();
    };
    const aborted = run(answers, { provider, maxConcurrentTasks: 1, signal: abort.signal, onResult });
    const error: unknown = await aborted.catch((thrown: unknown) => thrown);
    if (!isGradingAborted(error)) throw error;
    const callsBefore = provider.calls.length;
    expect(error.report.metrics.gradedCount).toBeLessThan(20);
    const after = await run(answers, { provider, resumeFrom: stored(error.report) });
    expect(after.metrics).toMatchObject({ gradedCount: 20, cachedCount: error.report.metrics.gradedCount });
    expect(provider.calls.length - callsBefore).toBe(20 - error.report.metrics.gradedCount);
  });

  test('grades failures anew', async () => {
    const answers = sampleAnswers(6);
    const failing = mockProvider((item) => (positionOf(item) % 2 === 0 ? 1 : new ProviderError('refused', 'no')));
    const before = await run(answers, {
      provider: Object.assign(failing, { fingerprint: 'model-1' }),
      onResult: () => {},
    });
    expect(before.metrics).toMatchObject({ gradedCount: 3, failedCount: 3 });
    expect(before.results.every(({ key }) => key !== undefined)).toBe(true);
    const provider = named();
    const after = await run(answers, { provider, resumeFrom: stored(before) });
    expect(provider.answersSeen.toSorted()).toEqual(['answer 1', 'answer 3', 'answer 5']);
    expect(after.metrics).toMatchObject({ gradedCount: 6, cachedCount: 3 });
  });
});

describe('a grade of an earlier run', () => {
  test('says all that it said, except how it was got', async () => {
    const rubric = {
      criteria: [
        { id: 'why', description: 'Density', points: 2 },
        { id: 'where', description: 'Lakes' },
      ],
    };
    const marked = { ...question, id: 'q', rubric };
    const reply = { levels: [5, 2], feedback: 'And where?', why: 'No lake.', confidence: 20 };
    const provider = mockLLM([JSON.stringify({ results: [reply] })]);
    const first = await gradeAnswer(
      { question: marked, answer: 'x', id: 'a' },
      { ...plain, provider, onResult: () => {} },
    );
    const again = await gradeAnswer(
      { question: marked, answer: 'x', id: 'b', learnerId: 'bo' },
      { ...plain, provider, resumeFrom: () => first, clock: manualClock() },
    );
    const { mode: _, usage: __, ...said } = first as GradedAnswer;
    expect(said).toMatchObject({ needsReview: true, criteria: [{ scoreGiven: 2 }, { scoreGiven: 0.4 }] });
    expect(again).toEqual({ ...said, answerId: 'b', fromCache: true, attempts: 0, durationMs: 0, queuedMs: 0 });
  });

  test('counts for the same answer, question, options, prompt and model, whoever gave it', async () => {
    const answer = { question, answer: 'answer 4' };
    const before = stored(await run([answer], { provider: named(), onResult: () => {} }));
    const events: GradingEvent[] = [];
    const calls = async (changed: Partial<AnswerToGrade>, options: Partial<GradingOptions> = {}) => {
      const onEvent = (event: GradingEvent) => void events.push(event);
      const after = await run([{ ...answer, ...changed }], {
        provider: named(),
        resumeFrom: before,
        onEvent,
        ...options,
      });
      return after.metrics.requests;
    };
    expect(await calls({ learnerId: 'amina', id: 'row 1' })).toBe(0);
    expect(await calls({ learnerId: 'bo' }, { maxConcurrentTasks: 1, mode: 'batch' })).toBe(0);
    expect(await calls({ answer: 'answer 5' })).toBe(1);
    expect(
      await calls({ question: { ...question, rubric: { criteria: [{ id: 'a', description: 'b', points: 3 }] } } }),
    ).toBe(1);
    expect(await calls({}, { provider: named('model-2') })).toBe(1);
    expect(await calls({}, { instructions: 'Be strict.' })).toBe(1);
    expect(await calls({}, { feedback: false })).toBe(1);
    expect(await calls({}, { context: 'Ice.' })).toBe(1);
    expect(events.some(({ type }) => type === 'cache-failed')).toBe(false);
  });

  test('with another prompt version is graded anew', async () => {
    const model = { fingerprint: 'model-1', generate: async () => '{"results":[{"levels":[4]}]}' };
    const versioned = (promptVersion: string) => promptGrader(model, { promptVersion });
    const before = stored(await run(sampleAnswers(1), { provider: versioned('1'), onResult: () => {} }));
    const same = await run(sampleAnswers(1), { provider: versioned('1'), resumeFrom: before });
    expect(same.metrics).toMatchObject({ requests: 0, cachedCount: 1 });
    const after = await run(sampleAnswers(1), { provider: versioned('2'), resumeFrom: before });
    expect(after.metrics).toMatchObject({ requests: 1, cachedCount: 0 });
  });

  test('is told to onResult, wins over a cache and shares nothing with the report it came from', async () => {
    const provider = named();
    const answers = sampleAnswers(3);
    const before = await run(answers, { provider, onResult: () => {} });
    const told: GradingResult[] = [];
    const cache = { get: () => expect.unreachable('never asked'), set: () => {} };
    const after = await run(answers, { provider, cache, resumeFrom: before, onResult: (each) => void told.push(each) });
    expect(told).toEqual(after.results);
    expect(Object.assign(after.results[0] as GradedAnswer, { scoreGiven: 9 })).not.toEqual(before.results[0]);
    expect(before.results[0]).toMatchObject({ scoreGiven: 0, fromCache: false });
  });
});

describe('a lookup that fails', () => {
  const throwing = () => {
    throw new Error('postgres://user:secret@host is down');
  };
  const ruined =
    (change: object): ResultLookup =>
    (index, key) =>
      ({ ...sampleGrade, index, key, ...change }) as GradingResult;
  const sampleGrade: Omit<GradedAnswer, 'index'> = {
    status: 'graded',
    provider: 'earlier',
    scoreGiven: 1,
    scoreMaximum: 1,
    scaledScore: 1,
    isCorrect: true,
    suggestedRating: 3,
    gradedBy: 'llm',
    fromCache: false,
    needsReview: false,
    reviewReasons: [],
    attempts: 1,
    durationMs: 1,
    queuedMs: 0,
  };

  async function warningsOf(resumeFrom: GradingOptions['resumeFrom']) {
    const clock = manualClock();
    const warnings: unknown[] = [];
    const events: GradingEvent[] = [];
    const logger = { debug() {}, info() {}, error() {}, warn: (...line: unknown[]) => void warnings.push(line) };
    const onEvent = (event: GradingEvent) => void events.push(event);
    const running = run(sampleAnswers(20), { provider: named(), clock, resumeFrom, logger, onEvent });
    const { metrics } = await clock.runUntil(running);
    expect(metrics).toMatchObject({ gradedCount: 20, requests: 20 - metrics.cachedCount });
    expect(JSON.stringify(warnings)).not.toContain('secret');
    expect(events.filter(({ type }) => type === 'cache-failed')).toHaveLength(warnings.length);
    return [metrics.cachedCount, warnings.length];
  }

  test.each<[string, GradingOptions['resumeFrom']]>([
    ['throws', throwing],
    ['rejects', async () => throwing()],
    ['hangs', () => new Promise<never>(() => {})],
    ['gives what throws when it is awaited', () => new Proxy({}, { get: throwing }) as GradingResult],
    ['gives a text', () => 'graded' as unknown as GradingResult],
    ['gives grades without a key', ruined({ key: undefined })],
    ['gives results of no status', ruined({ status: undefined })],
    ['gives marks beyond the maximum', ruined({ scoreGiven: 2 })],
    ['gives another maximum', ruined({ scoreMaximum: 2, scoreGiven: 2 })],
    ['gives shares that do not fit', ruined({ scaledScore: 0.5 })],
    ['gives no number', ruined({ scoreGiven: null })],
    ['gives a wrong answer as right', ruined({ scoreGiven: 0, scaledScore: 0 })],
    ['gives a rating that does not fit', ruined({ suggestedRating: 1 })],
    ['gives criteria of another rubric', ruined({ criteria: [{ id: 'why', scoreGiven: 1, scoreMaximum: 1 }] })],
    ['gives feedback that is no text', ruined({ feedback: { html: '<b>' } })],
    [
      'gives a report of nonsense',
      { results: Array.from({ length: 20 }, () => ({ status: 'graded' })) } as unknown as GradingReport,
    ],
  ])('because it %s finds nothing, and tells so once', async (_, resumeFrom) => {
    expect(await warningsOf(resumeFrom)).toEqual([0, 1]);
  });

  test.each<[string, GradingOptions['resumeFrom'], number]>([
    ['what is not there', () => undefined, 0],
    ['null', async () => null, 0],
    ['a failure', ruined({ status: 'failed', error: {} }), 0],
    ['a grade of another key', ruined({ key: 'gk1_other' }), 0],
    ['a grade with properties of its owner', ruined({ row: 7, usage: { inputTokens: 1 } }), 20],
  ])('is not one that finds %s', async (_, resumeFrom, found) => {
    expect(await warningsOf(resumeFrom)).toEqual([found, 0]);
  });

  test('keeps no property that no grade has', async () => {
    const result = await gradeAnswer(
      { question, answer: 'answer 1' },
      { ...plain, provider: named(), resumeFrom: ruined({ row: 7, usage: { inputTokens: 1 } }) },
    );
    expect(result).not.toHaveProperty('row');
    expect(result).not.toHaveProperty('usage');
  });
});

describe('lookups', () => {
  test.each(['list', 'stream'])('run beside each other, and answers are sent in their order (%s)', async (kind) => {
    let open = 0;
    let most = 0;
    const { promise: someOpen, resolve } = Promise.withResolvers<void>();
    const resumeFrom: ResultLookup = async (index) => {
      most = Math.max(most, ++open);
      if (open === 5) resolve();
      await someOpen;
      if (index % 2 === 0) await new Promise<void>((goOn) => setImmediate(goOn));
      open--;
      return undefined;
    };
    const provider = named();
    const answers = sampleAnswers(40);
    const options = { ...plain, provider, resumeFrom };
    if (kind === 'list') await gradeAnswersInBatch(answers, options);
    else await allOf(gradeAnswersStream(answers, { ...options, mode: 'batch' }));
    expect(most).toBeGreaterThanOrEqual(5);
    expect(provider.answersSeen).toEqual(answers.map(({ answer }) => answer));
  });

  test('that hang do not hold up an abort, and no answer is settled twice', async () => {
    const abort = new AbortController();
    const settled: number[] = [];
    const running = gradeAnswersWithFallback(sampleAnswers(30), {
      ...plain,
      provider: named(),
      signal: abort.signal,
      onResult: ({ index }) => void settled.push(index),
      resumeFrom: (index) => {
        if (index === 5) abort.abort();
        return new Promise<never>(() => {});
      },
    });
    await expect(running).rejects.toSatisfy(isGradingAborted);
    expect(settled.toSorted((a, b) => a - b)).toEqual(sampleAnswers(30).map((_, index) => index));
  });

  test('that hang do not hold up a stream that its reader leaves', async () => {
    const provider = named();
    const resumeFrom: ResultLookup = (index) => (index < 3 ? undefined : new Promise<never>(() => {}));
    const stream = gradeAnswersStream(sampleAnswers(1_000), { ...plain, provider, resumeFrom });
    const read: number[] = [];
    for await (const { index } of stream) if (read.push(index) === 3) break;
    expect(read).toEqual([0, 1, 2]);
    expect(await stream.metrics).toMatchObject({ gradedCount: 3, requests: 3, cachedCount: 0 });
  });

  test('know identical answers that were graded differently apart by their position', async () => {
    const answers = sampleAnswers(2, () => ({ answer: 'answer 1' }));
    const marks = [0.2, 0.8];
    const provider = Object.assign(
      mockProvider(() => marks.shift() ?? 0),
      { fingerprint: 'model-1' },
    );
    const parts = [await run(answers.slice(1), { provider }), await run(answers.slice(1), { provider })];
    const results = parts.flatMap((part) => part.results);
    const keyed = await Promise.all(
      parts.map(async (part) => (await run(answers.slice(1), { provider, resumeFrom: part })).results[0]),
    );
    expect(results.map((result) => result.status === 'graded' && result.scaledScore)).toEqual([0.2, 0.8]);
    const before = { ...parts[0], results: keyed } as GradingReport;
    const after = await run(answers, { provider, resumeFrom: before });
    expect(outcomes(after)).toEqual([0.2, 0.8]);
    expect(after.metrics.requests).toBe(0);
  });
});
