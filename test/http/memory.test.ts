import { ProviderError, type GradedAnswer } from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';
import { manualClock, mockProvider } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { recordsInMemory } from '../../src/http/review-records.js';
import { reviewHandler, reviewRequest, submitted } from './review-requests.js';

const grade: GradedAnswer = {
  ...{ status: 'graded', index: 0, scoreGiven: 1, scoreMaximum: 1, scaledScore: 1, isCorrect: true },
  ...{ suggestedRating: 3, gradedBy: 'llm', fromCache: false, needsReview: false, reviewReasons: [] },
  ...{ attempts: 1, durationMs: 1, queuedMs: 0 },
};

describe('records in memory', () => {
  test('of a learner are not pushed out by another who sends a thousand keys', async () => {
    const provider = mockProvider(1, { repeatLast: true });
    const handler = reviewHandler(
      { provider },
      { authorize: ({ headers }) => ({ learnerId: headers.get('x-learner') ?? 'nobody' }) },
    );
    const send = (learner: string, key: string, answer: string): Promise<Response> =>
      handler(reviewRequest('single', { question_index: 0, answer }, { 'x-learner': learner, 'idempotency-key': key }));
    await send('amina', 'k', 'mine');
    // Blank answers cost no call.
    for (let count = 0; count < 1_100; count += 1) await send('ben', `k-${count}`, ' ');
    await send('amina', 'k', 'mine');
    expect(provider.answersSeen).toEqual(['mine']);
  });

  test('are forgotten after a day', async () => {
    const clock = manualClock();
    const provider = mockProvider(1, { repeatLast: true });
    const handler = reviewHandler({ provider, clock }, { clock });
    const send = (): Promise<Response> =>
      clock.runUntil(handler(reviewRequest('single', submitted(1)[0], { 'idempotency-key': 'k' })));
    await send();
    await clock.advance(86_400_000);
    await send();
    expect(provider.calls.length).toBe(2);
  });

  test('keep at most a thousand keys, and take from whoever has most', async () => {
    const records = recordsInMemory(manualClock());
    const isKept = async (owner: string, key: string): Promise<boolean> => {
      const { answers } = await records.read(owner, key);
      return Object.keys(answers).length > 0;
    };
    const record = { answers: { 0: { answer: 'a', result: grade, isSaved: true, gradedAt: 0 } } };
    await records.write('amina', 'k', record);
    for (let owner = 0; owner < 21; owner += 1) {
      for (let count = 0; count < 60; count += 1) await records.write(`${owner}`, `k-${count}`, record);
    }
    expect(await isKept('amina', 'k')).toBe(true);
    // Of 60 keys of a learner at most 50 stay, and all learners have about as many.
    for (let owner = 0; owner < 21; owner += 1) {
      expect([await isKept(`${owner}`, 'k-9'), await isKept(`${owner}`, 'k-20')]).toEqual([false, true]);
    }
  });
});

describe('the grade of a stand-in', () => {
  const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
  const key = { 'idempotency-key': 'k-1' };
  const body = { question_index: 0, answer: 'because it is less dense' };

  test('is replaced when the learner asks again and the model is back', async () => {
    const clock = manualClock();
    let isDown = true;
    const provider = mockProvider(() =>
      isDown ? new ProviderError('server', 'down') : { score: 1, feedback: 'Well put.' },
    );
    const saved: (string | undefined)[] = [];
    const handler = reviewHandler(
      { provider: [provider, offlineProvider()], clock, retry: false },
      {
        clock,
        load: () => ({ questions: [question] }),
        save: ({ results: [result] }) => void saved.push(result?.status === 'graded' ? result.gradedBy : undefined),
      },
    );
    const send = async (): Promise<unknown> => {
      await clock.advance(1_000);
      return (await clock.runUntil(handler(reviewRequest('single', body, key)))).json();
    };
    expect(await send()).toMatchObject({ data: { graded_by: 'offline' } });
    // Still down: the stand-in's grade stays, and is not saved again.
    expect(await send()).toMatchObject({ data: { status: 'graded', graded_by: 'offline' } });
    isDown = false;
    await clock.advance(120_000);
    expect(await send()).toMatchObject({ data: { graded_by: 'llm', feedback: 'Well put.' } });
    const calls = provider.calls.length;
    expect(await send()).toMatchObject({ data: { graded_by: 'llm' } });
    expect(provider.calls.length).toBe(calls);
    expect(saved).toEqual(['offline', 'llm']);
  });

  test('serves all requests that came before it was given', async () => {
    const clock = manualClock();
    const provider = mockProvider(() => new ProviderError('server', 'down'), { delayMs: 100, clock });
    const handler = reviewHandler(
      { provider: [provider, offlineProvider()], clock, retry: false },
      { clock, load: () => ({ questions: [question] }) },
    );
    const replies = await clock.runUntil(
      Promise.all(Array.from({ length: 50 }, () => handler(reviewRequest('single', body, key)))),
    );
    expect(new Set(await Promise.all(replies.map((reply) => reply.text()))).size).toBe(1);
    expect(provider.calls.length).toBe(1);
  });
});
