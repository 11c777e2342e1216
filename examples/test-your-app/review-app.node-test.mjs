// The same kit in Node's own test runner: node --test examples/test-your-app/review-app.node-test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProviderError } from 'gradelanes';
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
  replayProvider,
} from 'gradelanes/testing';
import { mockServer } from 'gradelanes/testing-server';
import OpenAI from 'openai';
import { cards } from './cards.ts';
import { cassetteFile } from './cassette-file.ts';
import { createReviewApp } from './review-app.ts';

const iceAnswers = ['It is less dense.', '9', 'Fish survive below the ice of a lake.'];

/** Sends answers to the endpoint: what it replies, and what the app keeps. */
async function review(grading, card = 'ice', answers = iceAnswers) {
  let saved;
  const app = createReviewApp({ cards, save: (each) => void (saved = each), grading });
  const body = JSON.stringify({ answers });
  const response = await app(new Request(`http://app.test/cards/${card}/review`, { method: 'POST', body }));
  return { status: response.status, body: await response.json(), saved };
}

const verdictsOf = ({ body }) => body.answers.map(({ verdict }) => verdict);

/** The app's model. In production `baseURL` is left out. */
const gpt = ({ url }) => openaiProvider(new OpenAI({ apiKey: 'test', baseURL: `${url}/v1` }), { model: 'gpt-6-luna' });

await test('mockProvider and manualClock: the weakest answer decides when the card is due', async () => {
  const provider = mockProvider({ byQuestion: { why: 1, where: 0.6 } });
  const clock = manualClock('2026-03-01T09:00:00Z');
  const { status, body } = await clock.runUntil(review({ provider, clock }));
  assert.deepEqual([status, body.dueAt], [200, '2026-03-02T09:00:00.000Z']);
  assert.deepEqual(provider.answersSeen, [iceAnswers[0], iceAnswers[2]]);
});

await test('mockProvider: an outage is no wrong answer', async () => {
  const provider = mockProvider(new ProviderError('auth', 'the key was revoked'));
  const outcome = await review({ provider });
  assert.deepEqual(verdictsOf(outcome), ['not graded yet', 'right', 'not graded yet']);
  assert.equal(outcome.saved.dueAt, undefined);
});

await test('mockLLM: a model that answers in prose is asked once more', async () => {
  const model = mockLLM(['I would say full marks!', 1]);
  assert.deepEqual(verdictsOf(await review({ provider: model }, 'sky', ['Air scatters blue light.'])), ['right']);
  assert.equal(model.calls.length, 2);
});

await test('faultyProvider and eventLog: a rate limit is waited for, in no time', async () => {
  const clock = manualClock();
  const log = eventLog();
  const provider = faultyProvider(mockProvider(1), ['rate_limited'], { clock });
  await clock.runUntil(review({ provider, clock, onEvent: log.onEvent }, 'sky', ['Air scatters blue light.']));
  assert.deepEqual(log.lines, [
    'run-started 1 answer, auto -> sequential, mock',
    'answer-started 0',
    'call-started #1 mock sequential [0] attempt 1',
    'call-ended #1 rate_limited',
    'provider-paused mock: the provider answered 429 and asked to wait',
    'call-retried #1 rate_limited',
    'call-started #1 mock sequential [0] attempt 2',
    'call-ended #1 ok',
    'answer-graded 0: 1/1 by llm',
    'run-ended sequential: 1 graded, 0 failed, 2 calls',
  ]);
});

await test('faultPlanFromEnvironment and expectEveryAnswerOnce: no bad day marks a right answer wrong', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const clock = manualClock();
    const plan = faultPlanFromEnvironment(`bad-day;seed=${seed}`);
    const provider = faultyProvider(mockLLM(1, { clock, delayMs: 800 }), plan, { clock });
    const outcome = await clock.runUntil(review({ provider, clock }));
    expectEveryAnswerOnce(outcome.saved.report, outcome.saved.answers);
    assert.ok(!verdictsOf(outcome).includes('wrong'));
  }
});

await test('replayProvider: the model marks as it did when it was recorded', async () => {
  const provider = await replayProvider(cassetteFile);
  const outcome = await review({ provider });
  assert.deepEqual(provider.mismatches, []);
  assert.deepEqual(verdictsOf(outcome), ['right', 'right', 'right']);
  assert.equal(outcome.body.answers[0].feedback, 'Yes, that is why.');
});

await test('mockServer: a dropped connection is tried again, by the real SDK', async (context) => {
  const server = await mockServer({ script: [{ fault: 'reset' }] });
  context.after(() => server.close());
  const outcome = await review({ provider: gpt(server), retry: { baseDelayMs: 1 } });
  assert.deepEqual(verdictsOf(outcome), ['right', 'right', 'right']);
  assert.equal(server.requests.length, 3);
});

await test('providerContract: the real SDK keeps it', async (context) => {
  const server = await mockServer();
  context.after(() => server.close());
  for (const { name, run } of providerContract(() => gpt(server))) await context.test(name, run);
});
