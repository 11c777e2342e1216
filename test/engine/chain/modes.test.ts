import { beforeEach, describe, expect, test } from 'vitest';
import { gradeAnswersConcurrently, type GradingEvent, type GradingItem } from 'gradelanes';
import { manualClock, mockProvider, type ManualClock } from 'gradelanes/testing';
import { positionOf, sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, retry: false } as const;

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

describe('parallel mode', () => {
  test.each([
    [3, 200],
    [5, 200],
    [10, 400],
    [100, 4_000],
  ])('takes for %i calls of 200 ms exactly %i ms', async (count, ms) => {
    const provider = mockProvider(1, { delayMs: 200, clock });
    const running = gradeAnswersConcurrently(sampleAnswers(count), { ...plain, provider, clock });
    expect((await clock.runUntil(running)).metrics.totalProcessingTimeMs).toBe(ms);
  });

  test('starts the next call as soon as one ends', async () => {
    const delayMs = ([item]: readonly GradingItem[]): number =>
      item !== undefined && positionOf(item) === 0 ? 90 : 30;
    const provider = mockProvider(1, { delayMs, clock });
    const options = { ...plain, provider, clock, maxConcurrentTasks: 2 };
    const { metrics } = await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(4), options));
    expect(provider.calls.map(({ startedAt }) => startedAt)).toEqual([0, 0, 30, 60]);
    expect(metrics.totalProcessingTimeMs).toBe(90);
  });

  test('sends one answer per call, in input order', async () => {
    const provider = mockProvider();
    await gradeAnswersConcurrently(sampleAnswers(20), { ...plain, provider });
    expect(provider.calls.map(({ items }) => items.map(positionOf))).toEqual(
      sampleAnswers(20).map((_, index) => [index]),
    );
  });

  test('takes answers only as it can send them', async () => {
    const provider = mockProvider(1, { delayMs: 10, clock });
    const [taken, sent] = [new Set<number>(), new Set<string>()];
    let mostAhead = 0;
    const onEvent = (event: GradingEvent): void => {
      if (event.type === 'answer-started') taken.add(event.index);
      if (event.type === 'call-ended') sent.add(event.callId);
      mostAhead = Math.max(mostAhead, taken.size - sent.size);
    };
    const options = { ...plain, provider, clock, onEvent, maxConcurrentTasks: 4 };
    await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(60), options));
    // What runs, and at most the run's limit ahead of it.
    expect(mostAhead).toBeLessThanOrEqual(8);
  });
});
