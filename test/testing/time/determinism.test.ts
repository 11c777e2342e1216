import { gradeAnswersWithFallback } from 'gradelanes';
import { eventLog, faultyProvider, manualClock, mockProvider } from 'gradelanes/testing';
import { expect, test } from 'vitest';
import { sampleAnswers } from '../../sample-answers.js';

const logOf = async (): Promise<string> => {
  const log = eventLog({ times: true });
  const clock = manualClock();
  const provider = faultyProvider(mockProvider(1), { faults: ['network', 'server', 'rate_limited'], rate: 0.6 });
  await clock.runUntil(gradeAnswersWithFallback(sampleAnswers(8), { provider, clock, onEvent: log.onEvent }));
  return log.toString();
};

test('a run on a manual clock is the same every time, jitter and times included, without random', async () => {
  const first = await logOf();
  expect(first).toContain('call-retried');
  for (let run = 0; run < 5; run += 1) expect(await logOf()).toBe(first);
});

test('chance can be injected all the same', async () => {
  const clock = manualClock();
  let drawn = 0;
  const random = (): number => {
    drawn += 1;
    return 0.5;
  };
  const provider = mockProvider(1);
  await clock.runUntil(gradeAnswersWithFallback(sampleAnswers(2), { provider, clock, random }));
  expect(drawn).toBeGreaterThan(0);
});

test('advance takes no time that is none', async () => {
  const clock = manualClock();
  await expect(clock.advance(Number.NaN)).rejects.toThrow(RangeError);
  await expect(clock.advance(-1)).rejects.toThrow(RangeError);
  expect(clock.now()).toBe(0);
});
