import { beforeEach, describe, expect, test } from 'vitest';
import {
  createGrader,
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  isGradingAborted,
  ProviderError,
  type AnswerToGrade,
  type GradingOptions,
  type LLMProvider,
  type Question,
  type RepeatedPrefix,
} from 'gradelanes';
import { expectEveryAnswerOnce, manualClock, type ManualClock } from 'gradelanes/testing';
import { sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, guards: false, random: () => 0.5 } as const;
const CARD = 'Ice is less dense than water. '.repeat(200);

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

interface Call {
  startedAt: number;
  endedAt: number | undefined;
  repeatedPrefix: RepeatedPrefix | undefined;
}

/** A model of a vendor that caches; calls take a second. */
function cachingModel(
  before: (call: number, signal: AbortSignal) => unknown = () => undefined,
): LLMProvider & { calls: Call[] } {
  const calls: Call[] = [];
  return {
    calls,
    capabilities: { cachedPrefixTokens: 1_024 },
    generate: async ({ itemIds }, { signal, repeatedPrefix }) => {
      const call: Call = { startedAt: clock.now(), endedAt: undefined, repeatedPrefix };
      calls.push(call);
      await before(calls.length, signal);
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 1_000));
      call.endedAt = clock.now();
      return JSON.stringify({ results: itemIds.map((key) => ({ key, levels: [5] })) });
    },
  };
}

async function run(
  answers: readonly AnswerToGrade[],
  options: Partial<GradingOptions> & Pick<GradingOptions, 'provider'>,
) {
  const report = await clock.runUntil(gradeAnswersConcurrently(answers, { ...plain, clock, ...options }));
  expectEveryAnswerOnce(report, answers);
  expect(report.metrics.failedCount).toBe(0);
  return report;
}

const startsOf = ({ calls }: { calls: readonly Call[] }): number[] => calls.map(({ startedAt }) => startedAt);
const perQuestion = (count: number, question: (index: number) => Question): AnswerToGrade[] =>
  sampleAnswers(count, (index) => ({ question: question(index) }));

describe('many calls that begin with the same long material', () => {
  test('wait for the first of them, then go together', async () => {
    const provider = cachingModel();
    await run(sampleAnswers(8), { provider, context: CARD });
    expect(startsOf(provider)).toEqual([0, 1_000, 1_000, 1_000, 1_000, 1_000, 2_000, 2_000]);
    expect(new Set(provider.calls.map(({ repeatedPrefix }) => repeatedPrefix))).toEqual(new Set(['system']));
  });

  test('do so too for instructions and different questions, of which only the shared part is repeated', async () => {
    const provider = cachingModel();
    const answers = perQuestion(6, (index) => ({ prompt: `Why ${index}?` }));
    await run(answers, { provider, instructions: CARD });
    expect(startsOf(provider)).toEqual([0, 1_000, 1_000, 1_000, 1_000, 1_000]);
    expect(new Set(provider.calls.map(({ repeatedPrefix }) => repeatedPrefix))).toEqual(new Set(['shared']));
  });

  test('do so too for a question with much to read, each question for itself', async () => {
    const provider = cachingModel();
    const questions: readonly Question[] = [
      { prompt: 'Short?' },
      { prompt: 'Long?', graderInfo: CARD },
      { prompt: 'Long as well?', graderInfo: CARD },
    ];
    const answers = perQuestion(15, (index) => questions[Math.floor(index / 5)] ?? { prompt: '' });
    await run(answers, { provider, maxConcurrentTasks: 10 });
    expect(startsOf(provider)).toEqual([
      0, 0, 0, 0, 0, 0, 1_000, 1_000, 1_000, 1_000, 1_000, 2_000, 2_000, 2_000, 2_000,
    ]);
  });

  test('wait in batch mode as well', async () => {
    const provider = cachingModel();
    const answers = sampleAnswers(12);
    await clock.runUntil(gradeAnswersInBatch(answers, { ...plain, clock, provider, context: CARD, batchSize: 4 }));
    expect(startsOf(provider)).toEqual([0, 1_000, 1_000]);
  });

  test('wait once for several runs of a controller, and again when the vendor has forgotten', async () => {
    const provider = cachingModel();
    const grader = createGrader({ ...plain, clock, provider, context: CARD });
    await clock.runUntil(grader.gradeAnswersConcurrently(sampleAnswers(4)));
    provider.calls.length = 0;
    const startedAt = clock.now();
    await clock.runUntil(grader.gradeAnswersConcurrently(sampleAnswers(4)));
    expect(startsOf(provider)).toEqual([startedAt, startedAt, startedAt, startedAt]);
    await clock.advance(300_000);
    provider.calls.length = 0;
    const later = clock.now();
    await clock.runUntil(grader.gradeAnswersConcurrently(sampleAnswers(4)));
    expect(startsOf(provider)).toEqual([later, later + 1_000, later + 1_000, later + 1_000]);
  });
});

describe('nobody waits', () => {
  test.each<[string, number, Partial<GradingOptions>]>([
    ['for short material', 5, { context: 'Ice.' }],
    ['in a run of three', 3, { context: CARD }],
  ])('%s', async (_, count, options) => {
    const provider = cachingModel();
    await run(sampleAnswers(count), { provider, ...options });
    expect(new Set(startsOf(provider))).toEqual(new Set([0]));
    expect(provider.calls.every(({ repeatedPrefix }) => repeatedPrefix === undefined)).toBe(true);
  });

  test('for questions with long material of their own', async () => {
    const provider = cachingModel();
    const answers = perQuestion(5, (index) => ({ prompt: 'Why?', context: CARD + index }));
    await run(answers, { provider, context: CARD });
    expect(new Set(startsOf(provider))).toEqual(new Set([0]));
  });

  test('for a vendor that keeps nothing', async () => {
    const provider = { ...cachingModel(), capabilities: {} };
    await run(sampleAnswers(5), { provider, context: CARD });
    expect(new Set(startsOf(provider))).toEqual(new Set([0]));
  });

  test('longer than for the first call, if that fails', async () => {
    const provider = cachingModel((call) => {
      if (call === 1) throw new ProviderError('server', 'down');
    });
    await run(sampleAnswers(5), { provider, context: CARD });
    expect(startsOf(provider)).toEqual([0, 0, 0, 0, 0, 250]);
  });

  test('longer than ten seconds, if the first call hangs', async () => {
    const provider = cachingModel((call, signal) =>
      call > 1
        ? undefined
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late')))),
    );
    await run(sampleAnswers(5), { provider, context: CARD, attemptTimeoutMs: 60_000, maxConcurrentTasks: 10 });
    expect(startsOf(provider).slice(0, 5)).toEqual([0, 10_000, 10_000, 10_000, 10_000]);
  });

  test('once the run is aborted', async () => {
    const provider = cachingModel(() => new Promise(() => {}));
    const abort = new AbortController();
    clock.setTimeout(() => abort.abort(), 500);
    const options = { ...plain, clock, provider, context: CARD, signal: abort.signal, abortGraceMs: 100 };
    const error = await clock
      .runUntil(gradeAnswersConcurrently(sampleAnswers(5), options))
      .catch((thrown: unknown) => thrown);
    expect(isGradingAborted(error)).toBe(true);
    expect(clock.now()).toBeLessThanOrEqual(600);
    expect(provider.calls).toHaveLength(1);
  });
});
