import { gradeAnswersWithFallback, type AnswerToGrade, type Provider } from 'gradelanes';
import {
  expectEveryAnswerOnce,
  manualClock,
  memoryCassette,
  mockLLM,
  mockProvider,
  recordProvider,
  replayProvider,
  seededRandom,
} from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';

const answers: readonly AnswerToGrade[] = ['less dense', 'air in it', 'it is cold'].map((answer) => ({
  question: { id: 'q1', prompt: 'Why does ice float?' },
  answer,
}));
const grade = (provider: Provider, seed: number) => {
  const clock = manualClock();
  const options = { provider, clock, random: seededRandom(seed), deadlineMs: 60_000 };
  return clock.runUntil(gradeAnswersWithFallback(answers, options));
};

describe('replayProvider', () => {
  test.each([
    ['model', mockLLM(0.6, { name: 'openai', capabilities: { enforcesSchema: true } })],
    ['verdict', mockProvider(0.6, { name: 'openai', capabilities: { enforcesSchema: true } })],
  ])('a cassette of the level %s is a provider by itself', async (_, inner: Provider) => {
    const store = memoryCassette();
    const recorded = await grade(recordProvider(inner, store), 1);
    const provider = await replayProvider(store);
    expect(provider).toMatchObject({ name: 'openai', capabilities: { enforcesSchema: true } });
    const replayed = await grade(provider, 2);
    expectEveryAnswerOnce(replayed, answers);
    expect(replayed.results.map((result) => result.status === 'graded' && result.scaledScore)).toEqual(
      recorded.results.map((result) => result.status === 'graded' && result.scaledScore),
    );
    expect([provider.staleEntries(), provider.mismatches]).toEqual([[], []]);
  });

  test('what is not on the cassette fails, and stale entries are listed', async () => {
    const store = memoryCassette();
    await grade(recordProvider(mockLLM(), store), 1);
    const provider = await replayProvider(store);
    const other = [{ question: { prompt: 'Why is the sky blue?' }, answer: 'scattering' }];
    const { results } = await gradeAnswersWithFallback(other, { provider });
    expect(results[0]).toMatchObject({ status: 'failed', error: { code: 'invalid_request' } });
    expect(provider.mismatches[0]).toContain('sky blue');
    expect(provider.staleEntries()).toHaveLength(3);
  });

  test('the model must be the one recorded, where it is named', async () => {
    const store = memoryCassette();
    await grade(recordProvider(mockLLM(), store, { model: 'gpt-5' }), 1);
    const { metrics } = await grade(await replayProvider(store, { model: 'gpt-5' }), 2);
    expect(metrics.gradedCount).toBe(3);
    const provider = await replayProvider(store, { model: 'gpt-6' });
    await grade(provider, 3);
    expect(provider.mismatches[0]).toContain('- "model": "gpt-5",\n+ "model": "gpt-6",');
  });

  test('an empty store is refused', async () => {
    await expect(replayProvider(memoryCassette())).rejects.toThrow(
      'the cassette is empty: record it with recordProvider',
    );
  });
});
