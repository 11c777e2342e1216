import { manualClock, type ManualClock } from 'gradelanes/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { LatencyHistory } from '../../../src/engine/limits/latency-history.js';
import { leaveUngraded, type Link, LinkEnd } from '../../../src/engine/run/link.js';
import { stopFailure, whyOver } from '../../../src/engine/run/why-over.js';
import type { GradingFailure } from '../../../src/contract/failure.js';
import { PendingAnswer } from '../../../src/engine/run/pending-answer.js';
import { StopSignal } from '../../../src/async/stop-signal.js';

/** What a link asks its run and gate for. */
interface Situation {
  pauseLeftMs: number;
  probeInMs: number;
  isWorthAWait: boolean;
  timeLeftMs: number;
  deadlineMs: number | undefined;
  maxRetryAfterMs: number;
  maxAttempts: number;
  index: number;
  providers: number;
  isLocal: boolean;
}

const calm: Situation = {
  pauseLeftMs: 0,
  probeInMs: 0,
  isWorthAWait: true,
  timeLeftMs: Infinity,
  deadlineMs: undefined,
  maxRetryAfterMs: 180_000,
  maxAttempts: 3,
  index: 0,
  providers: 1,
  isLocal: false,
};

let clock: ManualClock;
let stop: StopSignal;
let latency: LatencyHistory;
beforeEach(() => {
  clock = manualClock();
  stop = new StopSignal();
  latency = new LatencyHistory();
});

function linkIn(changes: Partial<Situation>): Link {
  const situation = { ...calm, ...changes };
  const { index, isLocal, maxAttempts, maxRetryAfterMs, deadlineMs } = situation;
  const circuit = { probeInMs: () => situation.probeInMs, isWorthAWait: situation.isWorthAWait, lastFault: 'timeout' };
  const run = {
    options: { clock, deadlineMs, retry: { maxAttempts, maxRetryAfterMs }, providers: Array(situation.providers) },
    dispatchers: {
      gateFor: () => ({ circuit, pauseLeftMs: () => situation.pauseLeftMs }),
      dispatcherFor: () => ({ latency }),
    },
    stopFor: () => stop,
    timeLeftMs: () => situation.timeLeftMs,
  };
  const provider = { index, isLocal, name: 'vendor' };
  return {
    run,
    provider,
    mode: 'parallel',
    end: new LinkEnd(),
    leave: () => {},
  } as unknown as Link;
}

describe('a link goes on', () => {
  test.each<[string, Partial<Situation>]>([
    ['where nothing stands against it', {}],
    ['through a pause as long as is allowed', { pauseLeftMs: 180_000 }],
    ['through a pause that ends before the deadline', { pauseLeftMs: 999, timeLeftMs: 1_000, deadlineMs: 2_000 }],
    ['while it waits for a probe of the last provider', { probeInMs: 5_000, index: 1, providers: 2 }],
    ['with a local provider when the deadline has passed', { isLocal: true, timeLeftMs: 0, deadlineMs: 1 }],
    ['with a local provider through a pause', { isLocal: true, pauseLeftMs: 180_000 }],
  ])('%s', (_, situation) => {
    expect(whyOver(linkIn(situation))).toBeUndefined();
  });
});

describe('a link is over', () => {
  test.each<[string, Partial<Situation>]>([
    ['longer than is allowed', { pauseLeftMs: 180_001 }],
    ['longer than is allowed, as a local one', { isLocal: true, pauseLeftMs: 180_001 }],
    ['until the deadline, as a local one', { isLocal: true, pauseLeftMs: 1_000, timeLeftMs: 0, deadlineMs: 1 }],
    ['until the deadline', { pauseLeftMs: 1_000, timeLeftMs: 1_000, deadlineMs: 2_000 }],
  ])('when its provider is paused %s, and says until when', (_, situation) => {
    expect(whyOver(linkIn(situation))).toEqual({
      code: 'rate_limited',
      message: 'vendor asked for too long a wait',
      scope: 'provider',
      retryable: true,
      retryAt: new Date(clock.date() + (situation.pauseLeftMs ?? 0)).toISOString(),
      provider: 'vendor',
    });
  });

  test.each<[string, Partial<Situation>]>([
    ['another provider follows', { providers: 2 }],
    ['it is a judge', { index: -1 }],
    ['nothing is repeated', { maxAttempts: 1 }],
    ['several probes have failed', { isWorthAWait: false }],
    ['the probe comes too late', { timeLeftMs: 5_000, deadlineMs: 6_000 }],
    ['no wait of that length is allowed', { maxRetryAfterMs: 4_999 }],
  ])('when the circuit is open and %s, and says when the next probe is', (_, situation) => {
    expect(whyOver(linkIn({ probeInMs: 5_000, ...situation }))).toEqual({
      code: 'timeout',
      message: 'vendor failed again and again (timeout)',
      scope: 'provider',
      retryable: true,
      retryAt: new Date(clock.date() + 5_000).toISOString(),
      provider: 'vendor',
    });
  });

  test('when less is left than the calls of its run take, once five are known', () => {
    const link = linkIn({ deadlineMs: 1_000, timeLeftMs: 99 });
    for (let call = 0; call < 4; call++) latency.add(100);
    expect(whyOver(link)).toBeUndefined();
    latency.add(100);
    expect(whyOver(link)).toEqual({
      code: 'deadline_exceeded',
      message: 'too little was left of the deadline for another call',
      scope: 'call',
      retryable: true,
    });
    expect(whyOver(linkIn({ deadlineMs: 1_000, timeLeftMs: 100 }))).toBeUndefined();
    expect(whyOver(linkIn({ timeLeftMs: 99 }))).toBeUndefined();
  });

  test('when its run has stopped, a local provider as well', () => {
    stop.stop('deadline_exceeded');
    for (const isLocal of [false, true]) expect(whyOver(linkIn({ isLocal }))).toEqual(stopFailure('deadline_exceeded'));
  });

  test('by what failed first as a whole', () => {
    const link = linkIn({ pauseLeftMs: 180_001 });
    const failure = { code: 'auth', message: 'the key is wrong', scope: 'provider', retryable: false } as const;
    link.end.fail(failure);
    link.end.fail({ ...failure, message: 'the key is still wrong' });
    expect([whyOver(link), link.end.wakeUp.isOpen]).toEqual([failure, true]);
  });
});

test('a stopped run fails its answers with what stopped it', () => {
  expect(stopFailure('aborted')).toEqual({
    code: 'aborted',
    message: 'the run was aborted',
    scope: 'call',
    retryable: false,
  });
  expect(stopFailure('deadline_exceeded')).toEqual({
    code: 'deadline_exceeded',
    message: 'the deadline of the run passed',
    scope: 'call',
    retryable: true,
  });
});

describe('an answer that a link leaves ungraded', () => {
  const failureWith = (changes: Partial<GradingFailure>): GradingFailure => {
    return { code: 'server', message: 'down', scope: 'call', retryable: true, ...changes };
  };

  function leave(failure: GradingFailure, isWaitTooLong?: boolean): PendingAnswer {
    const pending = new PendingAnswer(0, { question: { prompt: 'Why?' }, answer: 'because' });
    leaveUngraded(linkIn({}), pending, failure, isWaitTooLong);
    return pending;
  }

  test.each<[string, boolean, GradingFailure, boolean?]>([
    ['may pass by itself', true, failureWith({})],
    ['its provider calls final', true, failureWith({ retryable: false })],
    ['another way of asking may cure', true, failureWith({ code: 'malformed', retryable: false })],
    ['lies in the answer', false, failureWith({ code: 'refused', scope: 'item', retryable: false })],
    ['lies in the provider as a whole', false, failureWith({ scope: 'provider' })],
    ['is final, whatever its provider says', false, failureWith({ code: 'too_large' })],
    ['asks for too long a wait', false, failureWith({ code: 'rate_limited' }), true],
  ])('for what %s goes on to the next mode: %s', (_, goesOn, failure, isWaitTooLong) => {
    const pending = leave(failure, isWaitTooLong);
    expect([pending.failures, pending.mayGoTo({ index: 0 })]).toEqual([[failure], goesOn]);
  });

  test('has each failure once', () => {
    const failure = failureWith({});
    const pending = leave(failure);
    leaveUngraded(linkIn({}), pending, failure);
    leaveUngraded(linkIn({}), pending, { ...failure });
    expect(pending.failures).toEqual([failure, failure]);
  });
});
