// How to test an app that grades: all of `gradelanes/testing` on one small app, here in vitest.
import { ProviderError, type GradingOptions, type LLMProvider } from 'gradelanes';
import { openaiProvider } from 'gradelanes/openai';
import {
  eventLog,
  expectEveryAnswerOnce,
  faultPlanFromEnvironment,
  faultyProvider,
  manualClock,
  mockLLM,
  mockProvider,
  providerContract,
  recordProvider,
} from 'gradelanes/testing';
import { mockServer, type MockServer } from 'gradelanes/testing-server';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cards } from './cards.ts';
import { cassetteFile } from './cassette-file.ts';
import { createReviewApp, type Review } from './review-app.ts';

const iceAnswers = ['It is less dense.', '9', 'Fish survive below the ice of a lake.'];
const allRight = [{ verdict: 'right' }, { verdict: 'right' }, { verdict: 'right' }];

/** What the endpoint answers, and what the app keeps. */
interface Outcome {
  status: number;
  retryAfter: string | null;
  body: unknown;
  saved: Review | undefined;
}

/** Sends answers to the endpoint. */
async function review(grading: GradingOptions, card = 'ice', answers: unknown = iceAnswers): Promise<Outcome> {
  const saved: Review[] = [];
  const app = createReviewApp({ cards, save: (each) => void saved.push(each), grading });
  const body = JSON.stringify({ answers });
  const response = await app(new Request(`http://app.test/cards/${card}/review`, { method: 'POST', body }));
  const { status, headers } = response;
  return { status, retryAfter: headers.get('retry-after'), body: await response.json(), saved: saved[0] };
}

describe('with a provider that follows a script', () => {
  test('the weakest answer decides when the card is due', async () => {
    const provider = mockProvider({ byQuestion: { why: 1, where: 0.6 } });
    const clock = manualClock('2026-03-01T09:00:00Z');
    const { status, body } = await clock.runUntil(review({ provider, clock }));
    expect([status, body]).toEqual([200, { answers: allRight, dueAt: '2026-03-02T09:00:00.000Z' }]);
  });

  test('a wrong answer brings the card back at once, with feedback', async () => {
    const provider = mockProvider([{ score: 0, feedback: 'Cold water does not float.' }, 1]);
    const clock = manualClock('2026-03-01T09:00:00Z');
    const { body } = await clock.runUntil(review({ provider, clock }));
    expect(body).toMatchObject({
      answers: [{ verdict: 'wrong', feedback: 'Cold water does not float.' }, {}, {}],
      dueAt: '2026-03-01T09:00:00.000Z',
    });
  });

  test('a number is marked by rule, and never reaches the provider', async () => {
    const provider = mockProvider(1);
    await review({ provider });
    expect(provider.answersSeen).toEqual([iceAnswers[0], iceAnswers[2]]);
  });

  test('an outage is no wrong answer: nothing is scheduled, and the learner is told to come back', async () => {
    const provider = mockProvider(new ProviderError('auth', 'the key was revoked'));
    const { status, retryAfter, body, saved } = await review({ provider });
    expect([status, retryAfter, saved?.dueAt]).toEqual([200, '30', undefined]);
    expect(body).toEqual({
      answers: [{ verdict: 'not graded yet' }, { verdict: 'right' }, { verdict: 'not graded yet' }],
      message: '2 of 3 answers could not be graded. Please come back in 30 seconds.',
    });
    expect((await review({ provider }, 'sky', ['Scattering.'])).status).toBe(503);
  });

  test.each([
    ['another card', 'moon', iceAnswers, 404],
    ['an answer too few', 'ice', ['It is less dense.'], 400],
    ['an answer that is no text', 'sky', [1], 400],
  ])('%s is refused before anything is graded', async (_, card, answers, status) => {
    const provider = mockProvider();
    expect((await review({ provider }, card, answers)).status).toBe(status);
    expect(provider.calls).toEqual([]);
  });
});

describe('with a language model that follows a script', () => {
  test('a model that answers in prose is asked once more, and told why', async () => {
    const model = mockLLM(['I would say full marks!', 1]);
    const { body } = await review({ provider: model }, 'sky', ['Air scatters blue light.']);
    expect(body).toMatchObject({ answers: [{ verdict: 'right' }] });
    expect(model.calls.map(({ correction }) => correction !== undefined)).toEqual([false, true]);
  });
});

describe('with faults', () => {
  test('a rate limit is waited for, in no time', async () => {
    const clock = manualClock();
    const log = eventLog();
    const provider = faultyProvider(mockProvider(1), [{ fault: 'rate_limited', retryAfterMs: 8_000 }], { clock });
    const options = { provider, clock, onEvent: log.onEvent };
    const { body } = await clock.runUntil(review(options, 'sky', ['Air scatters blue light.']));
    expect(body).toMatchObject({ answers: [{ verdict: 'right' }] });
    expect(clock.now()).toBeGreaterThanOrEqual(8_000);
    expect(log.toString()).toMatchInlineSnapshot(`
      "run-started 1 answer, auto -> sequential, mock
      answer-started 0
      call-started #1 mock sequential [0] attempt 1
      call-ended #1 rate_limited
      provider-paused mock: the provider answered 429 and asked to wait
      call-retried #1 rate_limited
      call-started #1 mock sequential [0] attempt 2
      call-ended #1 ok
      answer-graded 0: 1/1 by llm
      run-ended sequential: 1 graded, 0 failed, 2 calls"
    `);
  });

  test('a provider that asks for more time than the learner has is taken at its word', async () => {
    const clock = manualClock();
    const plan = { faults: { rate_limited: 1 }, retryAfterMs: 90_000 };
    const provider = faultyProvider(mockProvider(1), plan, { clock });
    const { status, retryAfter } = await clock.runUntil(review({ provider, clock }, 'sky', ['Scattering.']));
    expect([status, retryAfter]).toEqual([503, '90']);
  });

  test.each(['bad-day', 'outage', 'rate-limited'])('no right answer is ever marked wrong: %s', async (day) => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const clock = manualClock();
      // The same words, in an environment variable, try the app by hand: see try-it.ts.
      const plan = faultPlanFromEnvironment(`${day};seed=${seed}`);
      const provider = faultyProvider(mockLLM(1, { clock, delayMs: 800 }), plan, { clock });
      const { body, saved } = await clock.runUntil(review({ provider, clock }));
      if (saved === undefined) throw new Error('nothing was saved');
      expectEveryAnswerOnce(saved.report, saved.answers);
      expect(JSON.stringify(body)).not.toContain('wrong');
      expect(saved.dueAt === undefined).toBe(saved.report.metrics.failedCount > 0);
    }
  });
});

/** The app's model. In production `baseURL` is left out. */
function gpt({ url }: MockServer): LLMProvider {
  return openaiProvider(new OpenAI({ apiKey: 'test', baseURL: `${url}/v1` }), { model: 'gpt-6-luna' });
}

describe('with the real SDK, over HTTP', () => {
  let server: MockServer;

  beforeAll(async () => {
    server = await mockServer({
      score: (answer) => (answer.includes('less dense') ? 1 : 0.6),
      respond: ({ answers }) => ({
        verdicts: answers.map((answer) => ({
          why: answer.includes('less dense')
            ? 'Names the density.'
            : 'Names lakes, leaves out that the ice covers them.',
          feedback: answer.includes('less dense') ? 'Yes, that is why.' : 'Good example. What covers the lake?',
        })),
      }),
    });
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  test('a dropped connection is tried again', async () => {
    server.enqueue({ fault: 'reset' });
    const { body } = await review({ provider: gpt(server), retry: { baseDelayMs: 1 } });
    expect(body).toMatchObject({ answers: allRight });
    expect(server.requests).toHaveLength(3);
  });

  // A changed prompt fails here, and says what changed. If that was meant: CASSETTE=record.
  test('the model marks as it did when it was recorded, without being asked', async () => {
    const mode = process.env['CASSETTE'] === 'record' ? 'record' : 'strict';
    const provider = recordProvider(gpt(server), cassetteFile, { mode, model: 'gpt-6-luna' });
    const { body, saved } = await review({ provider });
    expect(provider.mismatches).toEqual([]);
    expect(provider.staleEntries()).toEqual([]);
    expect(server.requests.length).toBe(mode === 'record' ? 2 : 0);
    expect(body).toMatchObject({
      answers: [
        { verdict: 'right', feedback: 'Yes, that is why.' },
        { verdict: 'right' },
        { verdict: 'right', feedback: 'Good example. What covers the lake?' },
      ],
    });
    expect(saved?.report.results.map((result) => result.status === 'graded' && result.suggestedRating)).toEqual([
      3, 3, 2,
    ]);
  });

  describe('the provider keeps its contract, as one of your own would have to:', () => {
    test.each(providerContract(() => gpt(server)))('$name', ({ run }) => run());
  });
});
