import { beforeEach, describe, expect, test } from 'vitest';
import {
  createConcurrencyController,
  gradeAnswersWithFallback,
  isGradingAborted,
  ProviderError,
  type AnswerToGrade,
  type GradingOptions,
} from 'gradelanes';
import { expectEveryAnswerOnce, manualClock, mockProvider, type ManualClock } from 'gradelanes/testing';
import { outcomes, question, sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, retry: false, random: () => 0.5 } as const;
const same = (count: number): AnswerToGrade[] =>
  sampleAnswers(count, (index) => ({ answer: 'the same', id: `row ${index}` }));

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

async function run(answers: readonly AnswerToGrade[], options: Omit<GradingOptions, 'clock'>) {
  const report = await clock.runUntil(gradeAnswersWithFallback(answers, { ...plain, clock, ...options }));
  expectEveryAnswerOnce(report, answers);
  return report;
}

describe('identical answers', () => {
  test.each(['parallel', 'batch'] as const)('of one run share a call in %s mode', async (mode) => {
    const provider = mockProvider(0.7, { delayMs: 10, clock });
    const report = await run(same(4), { provider, mode });
    expect(provider.answersSeen).toEqual(['the same']);
    expect(outcomes(report)).toEqual([0.7, 0.7, 0.7, 0.7]);
    expect(report.results.map(({ answerId }) => answerId)).toEqual(['row 0', 'row 1', 'row 2', 'row 3']);
    expect(report.metrics).toMatchObject({ requests: 1, coalescedCount: 3, gradedCount: 4 });
  });

  test('have results of their own: changing one changes no other', async () => {
    const { results } = await run(same(2), { provider: mockProvider({ score: 1, flags: ['off_topic'] }) });
    const [first, second] = results;
    expect(first).not.toBe(second);
    expect(first?.status === 'graded' && first.reviewReasons).not.toBe(
      second?.status === 'graded' && second.reviewReasons,
    );
    expect(first?.status === 'graded' && first.flags).not.toBe(second?.status === 'graded' && second.flags);
  });

  test('share the failure of the provider too', async () => {
    const provider = mockProvider(new ProviderError('refused', 'no'));
    const report = await run(same(3), { provider });
    expect(outcomes(report)).toEqual(['refused', 'refused', 'refused']);
    expect(provider.calls).toHaveLength(1);
  });

  test.each<[string, readonly AnswerToGrade[]]>([
    [
      'texts',
      [
        { question, answer: 'x' },
        { question, answer: 'x ' },
      ],
    ],
    [
      'case',
      [
        { question, answer: 'x' },
        { question, answer: 'X' },
      ],
    ],
    [
      'kinds of answer',
      [
        { question, answer: 'x' },
        { question, answer: ['x'] },
      ],
    ],
    [
      'questions',
      [
        { question, answer: 'x' },
        { question: { prompt: 'Another?' }, answer: 'x' },
      ],
    ],
    [
      'maxima',
      [
        { question, answer: 'x' },
        { question: { ...question, scoreMaximum: 2 }, answer: 'x' },
      ],
    ],
    [
      'material',
      [
        { question, answer: 'x' },
        { question: { ...question, context: 'a card' }, answer: 'x' },
      ],
    ],
  ])('are not those with different %s', async (_, answers) => {
    const provider = mockProvider();
    await run(answers, { provider, mode: 'sequential' });
    expect(provider.answersSeen).toHaveLength(2);
  });

  test('of two runs share a call, but not where the runs ask differently', async () => {
    const controller = createConcurrencyController({ clock });
    const provider = mockProvider(1, { delayMs: 10, clock });
    const start = (options: Partial<GradingOptions> = {}) =>
      gradeAnswersWithFallback(same(1), { ...plain, clock, provider, controller, ...options });
    const shared = Promise.all([start(), start()]);
    await clock.runUntil(shared);
    expect(provider.calls).toHaveLength(1);
    await clock.runUntil(Promise.all([start(), start({ context: 'a card' }), start({ instructions: 'strict' })]));
    expect(provider.calls).toHaveLength(4);
  });

  test('of a run that is aborted are asked for by the other run, whose fallbacks are reported', async () => {
    const controller = createConcurrencyController({ clock });
    let calls = 0;
    const provider = mockProvider(
      () => {
        calls += 1;
        return calls === 2 ? new ProviderError('network', 'connection reset') : 1;
      },
      { delayMs: 100, clock },
    );
    const abort = new AbortController();
    const options = { ...plain, clock, provider, controller, mode: 'parallel' } as const;
    const left = gradeAnswersWithFallback(same(1), { ...options, signal: abort.signal }).catch(
      (error: unknown) => error,
    );
    await clock.advance(10);
    const following = gradeAnswersWithFallback(same(1), options);
    await clock.advance(10);
    abort.abort();
    await clock.runUntil(left);
    const report = await clock.runUntil(following);
    expectEveryAnswerOnce(report, same(1));
    expect(report.metrics).toMatchObject({ processingModeUsed: 'sequential_fallback', gradedCount: 1 });
    expect(report.metrics.fallbacks).toMatchObject([{ from: 'parallel', to: 'sequential', code: 'network' }]);
  });

  test('of a run that meets its deadline are asked for by the other run', async () => {
    const controller = createConcurrencyController({ clock });
    const provider = mockProvider(1, { delayMs: 100, clock });
    const options = { ...plain, clock, provider, controller } as const;
    const hurried = gradeAnswersWithFallback(same(1), { ...options, deadlineMs: 50 });
    const patient = gradeAnswersWithFallback(same(1), options);
    expect(outcomes(await clock.runUntil(hurried))).toEqual(['deadline_exceeded']);
    expect(outcomes(await clock.runUntil(patient))).toEqual([1]);
  });

  test('do not make a run wait beyond its own deadline or abort for another', async () => {
    const controller = createConcurrencyController({ clock });
    const provider = mockProvider(1, { delayMs: 1_000, clock });
    const options = { ...plain, clock, provider, controller } as const;
    const slow = gradeAnswersWithFallback(same(1), options);
    await clock.advance(1);
    const hurried = gradeAnswersWithFallback(same(1), { ...options, deadlineMs: 50 });
    expect(outcomes(await clock.runUntil(hurried))).toEqual(['deadline_exceeded']);
    expect(clock.now()).toBe(51);
    const abort = new AbortController();
    const leaving = gradeAnswersWithFallback(same(1), { ...options, signal: abort.signal }).catch(
      (error: unknown) => error,
    );
    await clock.advance(1);
    abort.abort();
    expect(await clock.runUntil(leaving)).toSatisfy(isGradingAborted);
    expect(clock.now()).toBe(52);
    expect(outcomes(await clock.runUntil(slow))).toEqual([1]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('of learners who are kept apart share a grade all the same, since no prompt holds both', async () => {
    const provider = mockProvider();
    const answers = same(2).map((answer, index) => ({ ...answer, learnerId: `learner ${index}` }));
    const report = await run(answers, { provider, mode: 'batch' });
    expect(provider.answersSeen).toHaveLength(1);
    expect(JSON.stringify(report)).not.toContain('learner');
  });

  test('one of which a person should look at are all flagged', async () => {
    const local = mockProvider(1, { name: 'local', capabilities: { local: true } });
    const report = await run(same(3), { provider: [mockProvider(new ProviderError('auth', 'wrong key')), local] });
    expect(report.metrics.needsReviewCount).toBe(3);
  });
});
