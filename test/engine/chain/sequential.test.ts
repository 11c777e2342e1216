import { expect, test } from 'vitest';
import { gradeAnswersSequentially, ProviderError } from 'gradelanes';
import { manualClock, mockProvider } from 'gradelanes/testing';
import { outcomes, positionOf, sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, random: () => 0.5 } as const;

test('sequential mode sends one answer per call, one call after the other, in order', async () => {
  const clock = manualClock();
  const provider = mockProvider(1, { delayMs: 10, clock });
  const options = { ...plain, provider, clock, maxConcurrentTasks: 10 };
  const { metrics } = await clock.runUntil(gradeAnswersSequentially(sampleAnswers(5), options));
  expect(provider.calls.map(({ items }) => items.map(positionOf))).toEqual([[0], [1], [2], [3], [4]]);
  expect(provider.peakInFlight).toBe(1);
  expect(metrics).toMatchObject({ totalProcessingTimeMs: 50, parallelTasksSpawned: 0, concurrentExecutionCount: 1 });
});

test('sequential mode repeats and asks again before it goes on', async () => {
  const clock = manualClock();
  const provider = mockProvider(
    (item, { attempt }) => {
      if (attempt > 1) return 1;
      return positionOf(item) === 0 ? new ProviderError('network', 'reset') : { malformed: 'no JSON' };
    },
    { delayMs: 10, clock },
  );
  const report = await clock.runUntil(gradeAnswersSequentially(sampleAnswers(2), { ...plain, provider, clock }));
  expect(provider.calls.map(({ items }) => items.map(positionOf))).toEqual([[0], [0], [1], [1]]);
  expect(provider.peakInFlight).toBe(1);
  expect(outcomes(report)).toEqual([1, 1]);
});
