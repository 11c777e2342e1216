import { gradeAnswer, gradeAnswersStream, gradeAnswersWithFallback, ProviderError } from 'gradelanes';
import { faultyProvider, manualClock, mockProvider } from 'gradelanes/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const answer = { question: { prompt: 'Why does ice float?' }, answer: 'It is less dense.' };
const atFault = [new ProviderError('network', 'reset'), 1];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a run under a test runner's fake timers that nobody moves", () => {
  test.concurrent.each([
    ['a delay', () => gradeAnswer(answer, { provider: mockProvider(1, { delayMs: 100 }) })],
    ['a hang', () => gradeAnswer(answer, { provider: faultyProvider(mockProvider(1), ['hang']) })],
    [
      'a call that ignores its abort',
      () => gradeAnswer(answer, { provider: faultyProvider(mockProvider(1), ['ignores_abort']) }),
    ],
    ['a back-off', () => gradeAnswersWithFallback([answer], { provider: mockProvider(atFault) })],
    [
      'a stream',
      async () => {
        for await (const _ of gradeAnswersStream([answer], { provider: mockProvider(atFault) }));
      },
    ],
  ])('rejects within 5 s of real time and says what to do: %s', { timeout: 5_000 }, async (_, run) => {
    await expect(run()).rejects.toThrow(/fake timers stand still: hand a manualClock/);
  });

  test('goes on when they are moved', async () => {
    const running = gradeAnswer(answer, { provider: mockProvider(atFault) });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await running).toMatchObject({ status: 'graded', attempts: 2 });
  });

  test('needs nothing with a manual clock, not even for the doubles', async () => {
    const clock = manualClock();
    const provider = faultyProvider(mockProvider(1, { delayMs: 30_000 }), ['hang']);
    const result = await clock.runUntil(gradeAnswer(answer, { provider, clock }));
    expect(result).toMatchObject({ status: 'graded', attempts: 2 });
    expect(vi.getTimerCount()).toBe(0);
  });
});
