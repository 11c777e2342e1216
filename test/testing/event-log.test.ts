import { ProviderError, gradeAnswersWithFallback, type GradingEvent } from 'gradelanes';
import { eventLog, manualClock, mockProvider, seededRandom } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';

const question = { prompt: 'Why does ice float?' };
const base = { atMs: 12.4, runId: 'r' };
const call = { ...base, callId: 'random-7', provider: 'mock', mode: 'parallel', attempt: 1, indices: [0, 2] } as const;

const lineOf = (event: GradingEvent, times = false): string => {
  const log = eventLog({ times });
  log.onEvent(event);
  return log.toString();
};

describe('eventLog', () => {
  test('writes a run as lines that are the same every time', async () => {
    const log = eventLog();
    const provider = mockProvider([new ProviderError('network', 'connection reset'), 0.8]);
    await gradeAnswersWithFallback([{ question, answer: 'less dense' }], {
      provider,
      retry: { baseDelayMs: 0 },
      onEvent: log.onEvent,
    });
    expect(log.toString()).toMatchInlineSnapshot(`
      "run-started 1 answer, auto -> sequential, mock
      answer-started 0
      call-started #1 mock sequential [0] attempt 1
      call-ended #1 network
      call-retried #1 network
      call-started #1 mock sequential [0] attempt 2
      call-ended #1 ok
      answer-graded 0: 0.8/1 by llm
      run-ended sequential: 1 graded, 0 failed, 2 calls"
    `);
    expect(log.lines.join('\n')).toBe(String(log));
  });

  test('tells times if asked to', async () => {
    const clock = manualClock();
    const log = eventLog({ times: true });
    const provider = mockProvider(1, { clock, delayMs: 1_500 });
    const options = { provider, clock, random: seededRandom(1), onEvent: log.onEvent };
    await clock.runUntil(gradeAnswersWithFallback([{ question, answer: 'less dense' }], options));
    expect(log.toString()).toMatchInlineSnapshot(`
      "     0 ms run-started 1 answer, auto -> sequential, mock
           0 ms answer-started 0
           0 ms call-started #1 mock sequential [0] attempt 1
        1500 ms call-ended #1 ok after 1500 ms
        1500 ms answer-graded 0: 1/1 by llm
        1500 ms run-ended sequential: 1 graded, 0 failed, 1 call"
    `);
  });

  test('numbers calls in the order they start', () => {
    const log = eventLog();
    for (const callId of ['b', 'a', 'b']) log.onEvent({ ...call, callId, type: 'call-hedged' });
    expect(log.lines).toEqual(['call-hedged #1', 'call-hedged #2', 'call-hedged #1']);
  });

  test('writes pauses, limits, circuits and fallbacks', () => {
    expect(lineOf({ ...base, type: 'limit-changed', provider: 'mock', from: 5, to: 2, reason: '429' })).toBe(
      'limit-changed mock 5 -> 2: 429',
    );
    const paused = {
      ...base,
      type: 'provider-paused',
      provider: 'mock',
      pauseMs: 2_000,
      reason: 'asked to wait',
    } as const;
    expect(lineOf(paused)).toBe('provider-paused mock: asked to wait');
    expect(lineOf(paused, true)).toBe('    12 ms provider-paused mock for 2000 ms: asked to wait');
    const failure = { code: 'auth', message: 'wrong key', scope: 'provider', retryable: false } as const;
    expect(lineOf({ ...base, type: 'circuit-changed', provider: 'mock', state: 'open', failure })).toBe(
      'circuit-changed mock open: auth',
    );
    expect(lineOf({ ...base, type: 'circuit-changed', provider: 'mock', state: 'closed' })).toBe(
      'circuit-changed mock closed',
    );
    expect(lineOf({ ...base, type: 'cache-failed', operation: 'set', error: 'down' })).toBe('cache-failed set');
    const step = {
      kind: 'mode',
      from: 'parallel',
      to: 'batch',
      code: 'timeout',
      reason: 'slow',
      answerCount: 2,
    } as const;
    expect(lineOf({ ...base, type: 'fallback-taken', step })).toBe(
      'fallback-taken parallel -> batch: timeout, 2 answers',
    );
  });

  test('writes durations and waits only with times', () => {
    const ended = { ...call, type: 'call-ended', durationMs: 80.2, outcome: 'ok' } as const;
    expect([lineOf(ended), lineOf(ended, true)]).toEqual([
      'call-ended #1 ok',
      '    12 ms call-ended #1 ok after 80 ms',
    ]);
    const retried = { ...call, type: 'call-retried', code: 'network', delayMs: 250, reason: 'reset' } as const;
    expect([lineOf(retried), lineOf(retried, true)]).toEqual([
      'call-retried #1 network',
      '    12 ms call-retried #1 network in 250 ms',
    ]);
  });
});
