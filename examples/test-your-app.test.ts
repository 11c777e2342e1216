// How to test an app that grades, without a network: your code takes a provider, your tests hand in a double.
import {
  gradeAnswersWithFallback,
  ProviderError,
  type AnswerToGrade,
  type GradingEvent,
  type Provider,
} from 'gradelanes';
import { eventLog, manualClock, mockLLM, mockProvider } from 'gradelanes/testing';
import { expect, test } from 'vitest';

/** The app under test: the share of a quiz that a learner got right, or nothing while some of it is ungraded. */
async function quizScore(answers: readonly string[], provider: Provider): Promise<number | undefined> {
  const { results } = await gradeAnswersWithFallback(answers.map(toQuizAnswer), { provider });
  const scores = results.flatMap((result) => (result.status === 'graded' ? [result.scaledScore] : []));
  if (scores.length < answers.length) return undefined;
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function toQuizAnswer(answer: string): AnswerToGrade {
  return { question: { prompt: 'Why does ice float on water?' }, answer };
}

test('a quiz with one answer right and one wrong scores a half', async () => {
  const provider = mockProvider([1, 0]);
  expect(await quizScore(['less dense', 'magic'], provider)).toBe(0.5);
});

test('an outage is no score of zero', async () => {
  const provider = mockProvider(new ProviderError('auth', 'the key was revoked'));
  expect(await quizScore(['less dense', 'magic'], provider)).toBeUndefined();
});

test('a blank answer never reaches the provider', async () => {
  const provider = mockProvider(1);
  await quizScore(['less dense', '   '], provider);
  expect(provider.answersSeen).toEqual(['less dense']);
});

test('a model that first answers in prose is asked once more, and told why', async () => {
  const model = mockLLM(['I would say full marks!', 1]);
  expect(await quizScore(['less dense'], model)).toBe(1);
  expect(model.calls.map(({ correction }) => correction !== undefined)).toEqual([false, true]);
});

test('a rate limit is waited for, in no time', async () => {
  const clock = manualClock();
  const log = eventLog();
  const provider = mockProvider([new ProviderError('rate_limited', 'slow down', { retryAfterMs: 30_000 }), 1], {
    clock,
  });
  const onEvent = (event: GradingEvent): void => log.onEvent(event);
  const grading = gradeAnswersWithFallback([toQuizAnswer('less dense')], { provider, clock, onEvent });
  const { metrics } = await clock.runUntil(grading);
  expect(metrics.totalProcessingTimeMs).toBeGreaterThanOrEqual(30_000);
  expect(log.lines).toContainEqual(expect.stringMatching(/^call-retried .*rate_limited/));
});
