import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { fc, test as property } from '@fast-check/vitest';
import {
  gradeAnswersInBatch,
  gradeAnswersWithFallback,
  ProviderError,
  type GradingEvent,
  type GradingProvider,
  type GradingReport,
} from 'gradelanes';
import { channelListener, EVENT_CHANNEL, telemetryListener, type TelemetryOptions } from 'gradelanes/otel';
import { manualClock, mockProvider } from 'gradelanes/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { compressedClock } from './jobs/compressed-clock.js';
import { violationsOf } from './otel/conventions-checker.js';
import { countOf, sumOf, telemetryRig, type TelemetryRig } from './otel/telemetry-rig.js';
import { question, sampleAnswers } from './sample-answers.js';

const SECRET = 'the learner wrote this';

function rigFor(options: Partial<TelemetryOptions> = {}): TelemetryRig & { onEvent: (event: GradingEvent) => void } {
  const rig = telemetryRig();
  onTestFinished(() => rig.close());
  const { api, logs } = rig;
  return { ...rig, onEvent: telemetryListener({ api, logs, ...options }) };
}

function grading(provider: GradingProvider, onEvent: (event: GradingEvent) => void, count = 3): Promise<GradingReport> {
  const clock = compressedClock(100);
  return gradeAnswersWithFallback(sampleAnswers(count), {
    provider,
    onEvent,
    clock,
    mode: 'parallel',
    random: () => 0.5,
  });
}

describe('the spans of a run', () => {
  test('hold answers and calls; a call with its retries is one, with the attempts below it', async () => {
    const rig = rigFor({ models: { mock: 'model-1' } });
    await grading(mockProvider([new ProviderError('network', 'reset'), 1, 1, 1]), rig.onEvent);
    const spans = rig.spans();
    const named = (name: string) => spans.filter((span) => span.name === name);
    const [run] = named('invoke_workflow grade_answers');
    expect(named('grade_answer')).toHaveLength(3);
    expect(named('chat model-1')).toHaveLength(3);
    expect(named('gradelanes.attempt')).toHaveLength(4);
    for (const answer of named('grade_answer')) {
      expect(answer.parentSpanContext?.spanId).toBe(run?.spanContext().spanId);
    }
    const answerIds = named('grade_answer').map((span) => span.spanContext().spanId);
    for (const call of named('chat model-1')) expect(answerIds).toContain(call.parentSpanContext?.spanId);
    const retried = named('chat model-1').find(({ attributes }) => attributes['gradelanes.call.attempts'] === 2);
    expect(retried?.attributes).not.toHaveProperty('error.type');
    expect(named('gradelanes.attempt').filter(({ attributes }) => attributes['error.type'] === 'network')).toHaveLength(
      1,
    );
  });

  test('of a call of several answers hang on the run', async () => {
    const rig = rigFor();
    await gradeAnswersInBatch(sampleAnswers(4), { provider: mockProvider(), onEvent: rig.onEvent, batchSize: 4 });
    const run = rig.spans().find(({ name }) => name.startsWith('invoke_workflow'));
    const calls = rig.spans().filter(({ name }) => name === 'chat');
    expect(calls).toHaveLength(1);
    expect(calls[0]?.parentSpanContext?.spanId).toBe(run?.spanContext().spanId);
    expect(calls[0]?.attributes['gradelanes.answers.count']).toBe(4);
  });

  test('say what failed by its code, and nothing else of it', async () => {
    const rig = rigFor();
    await grading(mockProvider(new ProviderError('refused', SECRET)), rig.onEvent, 1);
    const answer = rig.spans().find(({ name }) => name === 'grade_answer');
    expect(answer).toMatchObject({ attributes: { 'error.type': 'refused' }, status: { code: 2 } });
    expect(rig.records()[0]?.attributes).toMatchObject({ 'gen_ai.evaluation.name': 'score', 'error.type': 'refused' });
    expect(everythingOf(rig)).not.toContain(SECRET);
  });

  test('of calls are left to an SDK that tells of them itself', async () => {
    const rig = rigFor({ calls: ['other'] });
    await grading(mockProvider(), rig.onEvent);
    expect(rig.spans().filter(({ name }) => name.startsWith('chat') || name === 'gradelanes.attempt')).toEqual([]);
    expect(countOf(await rig.metrics(), 'gen_ai.client.inference.duration')).toBe(0);
    expect(rig.spans().filter(({ name }) => name === 'grade_answer')).toHaveLength(3);
  });
});

describe('evaluation events', () => {
  const rubric = { criteria: [{ id: 'cause', description: 'Names the cause', points: 2 }] };
  const provider: GradingProvider = {
    name: 'mock',
    grade: async (items) =>
      items.map(({ id }) => ({
        id,
        criteria: [{ id: 'cause', score: 0.5, comment: SECRET }],
        feedback: SECRET,
        rationale: SECRET,
      })),
  };
  const answers = [
    { question: { ...question, id: 'q1', rubric }, answer: SECRET, id: 'private', learnerId: 'private' },
  ];

  test('come one per grade and criterion, on the run, without a word of the learner', async () => {
    const rig = rigFor();
    await gradeAnswersWithFallback(answers, { provider, onEvent: rig.onEvent });
    const [score, criterion, ...others] = rig.records();
    expect(others).toEqual([]);
    expect(score).toMatchObject({
      eventName: 'gen_ai.evaluation.result',
      attributes: {
        'gen_ai.evaluation.name': 'score',
        'gen_ai.evaluation.score.value': 0.5,
        'gen_ai.evaluation.score.label': 'pass',
        'gradelanes.question.id': 'q1',
      },
    });
    expect(criterion?.attributes).toMatchObject({
      'gen_ai.evaluation.name': 'cause',
      'gen_ai.evaluation.score.value': 0.5,
    });
    const run = rig.spans().find(({ name }) => name.startsWith('invoke_workflow'));
    expect(score?.spanContext?.spanId).toBe(run?.spanContext().spanId);
    expect(everythingOf(rig)).not.toMatch(/learner wrote|private/);
  });

  test('hold the reason where it is asked for', async () => {
    const rig = rigFor({ captureContent: true });
    await gradeAnswersWithFallback(answers, { provider, onEvent: rig.onEvent, guards: false });
    for (const { attributes } of rig.records()) expect(attributes['gen_ai.evaluation.explanation']).toBe(SECRET);
  });
});

const someVerdict = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc
    .constantFrom('network', 'server', 'refused', 'rate_limited')
    .map((code) => new ProviderError(code as 'network', 'x', { retryAfterMs: 0 })),
);

describe('spans, events and metrics', () => {
  property.prop([fc.array(someVerdict, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 7 }), fc.boolean()], {
    numRuns: Number(process.env['TELEMETRY_RUNS'] ?? 100),
  })('of random runs tell the same story, by the conventions', async (script, count, isBatch) => {
    const rig = telemetryRig();
    const { api, logs } = rig;
    let turn = 0;
    const provider: GradingProvider = {
      name: 'mock',
      async grade(items, call) {
        const verdict = script[turn++ % script.length] ?? 1;
        call.report({ usage: { inputTokens: 10 + turn, outputTokens: turn }, model: 'm', requestId: `r${turn}` });
        if (verdict instanceof ProviderError) throw verdict;
        return items.map(({ id }) => ({ id, score: verdict }));
      },
    };
    const clock = manualClock();
    const run = gradeAnswersWithFallback(sampleAnswers(count), {
      provider,
      onEvent: telemetryListener({ api, logs }),
      mode: isBatch ? 'batch' : 'parallel',
      clock,
      random: () => 0.5,
    });
    const { metrics: measured } = await clock.runUntil(run);
    const metrics = await rig.metrics();
    const calls = rig.spans().filter(({ name }) => name === 'chat');
    const tokens = (name: string): number =>
      calls.reduce((sum, { attributes }) => sum + Number(attributes[name] ?? 0), 0);
    expect(tokens('gen_ai.usage.input_tokens')).toBe(measured.usage?.inputTokens ?? 0);
    expect(sumOf(metrics, 'gen_ai.client.inference.usage.input_tokens')).toBe(measured.usage?.inputTokens ?? 0);
    expect(sumOf(metrics, 'gen_ai.client.inference.usage.output_tokens')).toBe(measured.usage?.outputTokens ?? 0);
    expect(countOf(metrics, 'gen_ai.client.inference.duration')).toBe(calls.length);
    const seconds = calls.reduce((sum, { duration: [whole, nano] }) => sum + whole + nano / 1e9, 0);
    expect(sumOf(metrics, 'gen_ai.client.inference.duration')).toBeCloseTo(seconds, 5);
    expect(sumOf(metrics, 'gradelanes.answers')).toBe(count);
    expect(sumOf(metrics, 'gradelanes.answers', (each) => each['gradelanes.outcome'] === 'graded')).toBe(
      measured.gradedCount,
    );
    expect(rig.records()).toHaveLength(count);
    expect(rig.records().filter(({ attributes }) => 'error.type' in attributes)).toHaveLength(measured.failedCount);
    expect(rig.spans().filter(({ name }) => name === 'gradelanes.attempt')).toHaveLength(measured.requests);
    expect(rig.spans().filter(({ name }) => name === 'grade_answer')).toHaveLength(count);
    expect(sumOf(metrics, 'gen_ai.invoke_agent.inference_calls')).toBe(measured.requests);
    expect(violationsOf(rig.spans(), rig.records(), metrics)).toEqual([]);
    await rig.close();
  });
});

describe('channelListener', () => {
  test('publishes what happens, without content', async () => {
    const heard: unknown[] = [];
    const listen = (event: unknown): void => void heard.push(event);
    subscribe(EVENT_CHANNEL, listen);
    onTestFinished(() => void unsubscribe(EVENT_CHANNEL, listen));
    const provider: GradingProvider = {
      grade: async (items) => items.map(({ id }) => ({ id, score: 1, feedback: SECRET, rationale: SECRET })),
    };
    await gradeAnswersWithFallback(sampleAnswers(1), { provider, onEvent: channelListener() });
    expect(heard.map((event) => (event as GradingEvent).type)).toEqual(
      expect.arrayContaining(['run-started', 'call-ended', 'answer-graded', 'run-ended']),
    );
    expect(JSON.stringify(heard)).not.toContain(SECRET);
  });

  test('does nothing without a subscriber', async () => {
    const listener = channelListener();
    expect(() => listener({ type: 'answer-started', runId: 'r', atMs: 0, index: 0 })).not.toThrow();
  });
});

test('misuse is refused by name', () => {
  const { api } = telemetryRig();
  expect(() => telemetryListener({ api: {} as TelemetryOptions['api'] })).toThrow(/api must be the module/);
  expect(() => telemetryListener({ api, name: '' })).toThrow(/name/);
  expect(() => telemetryListener({ api, calls: 'openai' as unknown as boolean })).toThrow(/calls/);
});

function everythingOf(rig: TelemetryRig): string {
  const spans = rig.spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  const records = rig.records().map(({ attributes, body, eventName }) => ({ attributes, body, eventName }));
  return JSON.stringify([spans, records]);
}
