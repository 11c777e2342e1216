import { manualClock, type ManualClock } from 'gradelanes/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { Claim, type ClaimOptions } from '../../../src/engine/limits/claim.js';
import type { RateLimitHint } from 'gradelanes';
import type { GateOutcome, GatePass } from '../../../src/engine/limits/gate-pass.js';
import { ProviderGate, type GateChange, type ProviderGateOptions } from '../../../src/engine/limits/provider-gate.js';

const SLOTS = 5;
const claim = claimWith({});

let clock: ManualClock;
let changes: GateChange[];
/** Who was let through or dropped, in order. */
let told: string[];
beforeEach(() => {
  clock = manualClock();
  changes = [];
  told = [];
});

function gateWith(options: Partial<ProviderGateOptions> = {}): ProviderGate {
  const gate = new ProviderGate({
    provider: 'vendor',
    clock,
    random: () => 0,
    limits: {},
    adaptive: undefined,
    ...options,
  });
  gate.listeners.add((change) => changes.push(change));
  return gate;
}

function claimWith(options: Partial<ClaimOptions>): Claim {
  return new Claim({ priority: 'interactive', order: 0, answersLeft: 1, limit: Infinity, ...options });
}

function enter(
  gate: ProviderGate,
  name: string,
  { tokens = 0, isWanted = (): boolean => true, run = claim, mostAtOnce = Infinity, starts = false } = {},
): void {
  gate.enter({
    claim: run,
    isRetry: false,
    value: {
      estimate: tokens,
      mostAtOnce,
      isWanted,
      letThrough: (expected) => {
        told.push(name);
        if (starts) gate.start(expected);
      },
      drop: () => told.push(`${name} dropped`),
    },
  });
}

/** Tokens that a call is let through with whose texts come to so many. */
function expectedOf(gate: ProviderGate, estimate: number): number {
  let expected = NaN;
  const ticket = { estimate, mostAtOnce: Infinity, isWanted: () => true, drop: () => {} };
  gate.enter({ claim, isRetry: false, value: { ...ticket, letThrough: (tokens) => (expected = tokens) } });
  gate.leave(expected);
  return expected;
}

/** Lets a call through and starts it. */
function startCall(gate: ProviderGate, tokens = 0): GatePass {
  enter(gate, 'call', { tokens });
  const pass = gate.start(tokens);
  if (pass === undefined) throw new Error('the gate is closed');
  return pass;
}

function endCall(gate: ProviderGate, pass: GatePass, outcome: Partial<GateOutcome> = {}): void {
  gate.end(pass, {
    code: 'ok',
    isFirstAttempt: true,
    isOfSeveral: false,
    retryAfterMs: undefined,
    rateLimit: undefined,
    tokens: undefined,
    durationMs: 100,
    limit: SLOTS,
    ...outcome,
  });
}

function fail(gate: ProviderGate, code: GateOutcome['code'], outcome: Partial<GateOutcome> = {}): void {
  endCall(gate, startCall(gate), { code, ...outcome });
}

describe('an open gate', () => {
  test('lets a call through at once, and sets no timer', () => {
    const gate = gateWith();
    enter(gate, 'first');
    expect(told).toEqual(['first']);
    expect([gate.isOpen(), clock.pendingTimers]).toEqual([true, 0]);
  });

  test('counts tokens until a reply tells of no limit on them', () => {
    const gate = gateWith();
    expect(gate.countsTokens).toBe(true);
    fail(gate, 'rate_limited');
    expect(gate.countsTokens).toBe(true);
    fail(gate, 'ok');
    expect(gate.countsTokens).toBe(false);
  });

  test('counts what the provider did not turn away', () => {
    const gate = gateWith();
    fail(gate, 'ok');
    fail(gate, 'refused');
    fail(gate, 'server');
    fail(gate, 'rate_limited', { retryAfterMs: 1_000 });
    expect(gate.admittedCount).toBe(2);
  });

  test('remembers how long good calls took, and no others', () => {
    const gate = gateWith();
    fail(gate, 'ok', { durationMs: 300 });
    fail(gate, 'refused', { durationMs: 1 });
    fail(gate, 'server', { durationMs: 1 });
    expect(gate.latency.quantileMs(0.5, 1)).toBe(300);
    expect(gate.latency.quantileMs(0.5, 2)).toBeUndefined();
  });

  test('allows hedges up to their share of all calls', () => {
    const gate = gateWith();
    for (let call = 0; call < 19; call++) fail(gate, 'ok');
    expect(gate.mayHedge(0.05)).toBe(false);
    fail(gate, 'ok');
    expect(gate.mayHedge(0.05)).toBe(true);
    gate.hedgeSent();
    expect(gate.mayHedge(0.05)).toBe(false);
  });
});

describe('a paused gate', () => {
  test('holds calls back for as long as a 429 asked, and lets them through in order', async () => {
    const gate = gateWith();
    fail(gate, 'rate_limited', { retryAfterMs: 2_000 });
    told = [];
    enter(gate, 'first');
    enter(gate, 'second');
    expect([gate.isOpen(), gate.pauseLeftMs(), clock.pendingTimers]).toEqual([false, 2_000, 1]);
    await clock.advance(1_999);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['first', 'second']);
    expect([clock.pendingTimers, gate.pausedMs()]).toEqual([0, 2_000]);
    expect(changes).toEqual([
      {
        type: 'provider-paused',
        provider: 'vendor',
        pauseMs: 2_000,
        reason: 'the provider answered 429 and asked to wait',
      },
    ]);
  });

  test('waits a random time after a 429 that does not say how long', () => {
    const gate = gateWith({ random: () => 0.5 });
    fail(gate, 'rate_limited');
    expect(gate.pauseLeftMs()).toBeCloseTo(505);
    expect(changes).toMatchObject([{ type: 'provider-paused', reason: 'the provider answered 429' }]);
  });

  test('takes further 429s of calls that were under way for the same episode, save for a longer wait', async () => {
    const gate = gateWith({ random: () => 0.5 });
    const [first, second, third] = [startCall(gate), startCall(gate), startCall(gate)];
    await clock.advance(10);
    endCall(gate, first, { code: 'rate_limited' });
    endCall(gate, second, { code: 'rate_limited' });
    expect(changes).toHaveLength(1);
    endCall(gate, third, { code: 'rate_limited', retryAfterMs: 9_000 });
    expect(gate.pauseLeftMs()).toBeCloseTo(9_090);
  });

  test.each(['server', 'overloaded'] as const)('waits after a %s fault that asks for it', (code) => {
    const gate = gateWith();
    fail(gate, code, { retryAfterMs: 700 });
    expect(gate.pauseLeftMs()).toBe(700);
    expect(changes).toMatchObject([{ pauseMs: 700, reason: `a call failed (${code}) and the provider asked to wait` }]);
  });

  test.each(['server', 'overloaded', 'network', 'timeout', 'refused'] as const)(
    'does not wait after a %s fault without a hint',
    (code) => {
      const gate = gateWith();
      fail(gate, code);
      expect([gate.pauseLeftMs(), gate.isOpen(), changes]).toEqual([0, true, []]);
    },
  );

  test('turns back a call that was let through before and has not started', () => {
    const gate = gateWith();
    enter(gate, 'late');
    fail(gate, 'rate_limited', { retryAfterMs: 1_000 });
    expect(gate.start(0)).toBeUndefined();
  });

  test('has room again for a call that it turned back', async () => {
    const gate = gateWith({ adaptive: { min: 2, start: 2, max: 8 } });
    enter(gate, 'late');
    fail(gate, 'rate_limited', { retryAfterMs: 1_000 });
    gate.start(0);
    await clock.advance(1_000);
    told = [];
    enter(gate, 'first');
    enter(gate, 'second');
    expect(told).toEqual(['first', 'second']);
  });

  test('drops on the way who gave up meanwhile', async () => {
    const gate = gateWith();
    fail(gate, 'rate_limited', { retryAfterMs: 1_000 });
    told = [];
    let isWanted = true;
    enter(gate, 'first', { isWanted: () => isWanted });
    enter(gate, 'second');
    isWanted = false;
    await clock.advance(1_000);
    expect(told).toEqual(['first dropped', 'second']);
  });

  test('keeps no timer for nobody once it has looked again', () => {
    const gate = gateWith();
    fail(gate, 'rate_limited', { retryAfterMs: 1_000 });
    told = [];
    let isWanted = true;
    enter(gate, 'only', { isWanted: () => isWanted });
    expect(clock.pendingTimers).toBe(1);
    isWanted = false;
    gate.refresh();
    expect([told, clock.pendingTimers]).toEqual([['only dropped'], 0]);
  });
});

describe('a gate whose circuit opens', () => {
  test('tells so, and tells when it tries a probe and when one has closed it', async () => {
    const gate = gateWith();
    for (let call = 0; call < SLOTS; call++) fail(gate, 'network');
    expect(changes).toEqual([{ type: 'circuit-changed', provider: 'vendor', state: 'open' }]);
    await clock.advance(5_000);
    expect(changes).toHaveLength(1);
    fail(gate, 'network');
    await clock.advance(10_000);
    // It says neither yes nor no.
    fail(gate, 'malformed');
    fail(gate, 'ok');
    fail(gate, 'ok');
    const states = changes.map((change) => change.type === 'circuit-changed' && change.state);
    expect(states).toEqual(['open', 'half_open', 'open', 'half_open', 'closed']);
  });

  test('lets one probe through at a time', async () => {
    const gate = gateWith();
    for (let call = 0; call < SLOTS; call++) fail(gate, 'network');
    await clock.advance(5_000);
    told = [];
    const probe = startCall(gate);
    enter(gate, 'second');
    expect([told, gate.isOpen(), clock.pendingTimers]).toEqual([['call'], false, 0]);
    endCall(gate, probe);
    expect(told).toEqual(['call', 'second']);
  });

  test('holds back who waits until a probe is due', async () => {
    const gate = gateWith();
    for (let call = 0; call < SLOTS; call++) fail(gate, 'network');
    told = [];
    enter(gate, 'first');
    enter(gate, 'second');
    await clock.advance(4_999);
    expect([told, clock.pendingTimers]).toEqual([[], 1]);
    await clock.advance(1);
    expect(told).toEqual(['first']);
  });

  test('turns back a call that was let through before', async () => {
    const gate = gateWith();
    enter(gate, 'early');
    for (let call = 0; call < SLOTS; call++) fail(gate, 'network');
    expect(gate.start(0)).toBeUndefined();
    await clock.advance(5_000);
    enter(gate, 'early');
    expect(gate.start(0)).toBeDefined();
  });

  test.each(['rate_limited', 'refused', 'malformed', 'auth'] as const)('does not by %s', (code) => {
    const gate = gateWith();
    for (let call = 0; call < 3 * SLOTS; call++) {
      enter(gate, 'call');
      const pass = gate.start(0);
      if (pass !== undefined) endCall(gate, pass, { code, retryAfterMs: 0 });
    }
    expect(gate.circuit.state(clock.now())).toBe('closed');
  });
});

test('a gate whose provider was overloaded and asked to wait starts with two calls, and one more with each success', async () => {
  const gate = gateWith();
  fail(gate, 'overloaded', { retryAfterMs: 1_000 });
  told = [];
  for (let call = 1; call <= 9; call++) enter(gate, `${call}`);
  await clock.advance(1_100);
  expect(told).toEqual(['1', '2']);
  const started = [gate.start(0), gate.start(0)];
  for (const pass of started) if (pass !== undefined) endCall(gate, pass);
  expect(told).toEqual(['1', '2', '3', '4', '5', '6']);
  for (let call = 0; call < 4; call++) {
    const pass = gate.start(0);
    if (pass !== undefined) endCall(gate, pass);
  }
  expect(told).toHaveLength(9);
});

describe('a gate whose provider has nothing left', () => {
  test.each<[string, RateLimitHint, number]>([
    ['waits for the reset where no limit is told', { remainingRequests: 0, requestResetMs: 2_000 }, 2_000],
    ['waits for nothing where something is left', { remainingRequests: 1, requestResetMs: 2_000 }, 0],
    ['waits for nothing where no reset is told', { remainingRequests: 0 }, 0],
    [
      'is paced at the rate where a limit is told: a reset may be when all of it is there again',
      { requestLimit: 600, remainingRequests: 0, requestResetMs: 2_000 },
      0,
    ],
  ])('%s', (_, rateLimit, pauseMs) => {
    const gate = gateWith();
    fail(gate, 'ok', { rateLimit });
    expect(gate.pauseLeftMs()).toBe(pauseMs);
  });
});

describe('a gate with limits', () => {
  test('lets no more through than the given rate, and the next as soon as it may go', async () => {
    const gate = gateWith({ limits: { requestsPerMinute: 60, burst: 2 } });
    for (const name of ['first', 'second', 'third', 'fourth']) enter(gate, name, { starts: true });
    expect([told, clock.pendingTimers]).toEqual([['first', 'second'], 1]);
    await clock.advance(1_000);
    expect(told).toEqual(['first', 'second', 'third']);
    await clock.advance(1_000);
    expect([told.length, clock.pendingTimers]).toEqual([4, 0]);
  });

  test('never lets more start in any time than limit and burst allow, however late they start', async () => {
    const gate = gateWith({ limits: { requestsPerMinute: 60, burst: 2 } });
    for (const name of ['first', 'second', 'third']) enter(gate, name);
    // Both wait for a slot while the bucket would fill up again.
    await clock.advance(10_000);
    expect(told).toEqual(['first', 'second']);
    gate.start(0);
    gate.start(0);
    expect(told).toEqual(['first', 'second']);
    await clock.advance(1_000);
    expect(told).toEqual(['first', 'second', 'third']);
  });

  test('lets somebody go first who came later and whose turn it is before', async () => {
    const gate = gateWith({ limits: { requestsPerMinute: 60, burst: 1 } });
    enter(gate, 'first', { starts: true });
    enter(gate, 'long', { run: claimWith({ answersLeft: 9 }), starts: true });
    enter(gate, 'short', { run: claimWith({ answersLeft: 2 }), starts: true });
    await clock.advance(2_000);
    expect(told).toEqual(['first', 'short', 'long']);
  });

  test('lets a background call go before interactive ones where enough of those wait for a slot', async () => {
    const gate = gateWith({ limits: { requestsPerMinute: 60, burst: 6 } });
    const background = claimWith({ priority: 'background' });
    enter(gate, 'first of the background', { run: background });
    for (let call = 1; call <= 5; call++) enter(gate, `interactive ${call}`);
    gate.start(0, 0, true);
    enter(gate, 'interactive 6');
    enter(gate, 'second of the background', { run: background, starts: true });
    await clock.advance(2_000);
    expect(told.slice(-2)).toEqual(['second of the background', 'interactive 6']);
  });

  test('counts tokens, and takes back what a call did not need', () => {
    const gate = gateWith({ limits: { tokensPerMinute: 60_000 } });
    expect(gate.countsTokens).toBe(true);
    const pass = startCall(gate, 9_000);
    enter(gate, 'next', { tokens: 9_000 });
    expect(told).toEqual(['call']);
    endCall(gate, pass, { tokens: 500 });
    expect(told).toEqual(['call', 'next']);
  });

  test('learns from usage what calls take whose texts come to so much', () => {
    const gate = gateWith({ limits: { tokensPerMinute: 60_000 } });
    expect([expectedOf(gate, 100), expectedOf(gate, 0)]).toEqual([100, 0]);
    enter(gate, 'call', { tokens: 200 });
    const pass = gate.start(200, 100);
    if (pass === undefined) throw new Error('the gate is closed');
    endCall(gate, pass, { tokens: 300 });
    expect([expectedOf(gate, 100), expectedOf(gate, 0)]).toEqual([300, 300]);
    endCall(gate, startCall(gate, 300));
    expect(expectedOf(gate, 100)).toBe(300);
  });

  test('gives back what was set aside for a call that is not made', () => {
    const gate = gateWith({ limits: { requestsPerMinute: 60, burst: 1 } });
    enter(gate, 'first');
    enter(gate, 'second');
    expect(told).toEqual(['first']);
    gate.leave(0);
    expect(told).toEqual(['first', 'second']);
  });

  test('follows the limits in the headers of replies', () => {
    const gate = gateWith();
    const pass = startCall(gate);
    const rateLimit = { requestLimit: 600, remainingRequests: 0 };
    endCall(gate, pass, { rateLimit });
    enter(gate, 'next');
    expect([told, gate.isOpen(), clock.pendingTimers]).toEqual([['call'], false, 1]);
  });
});

describe('a gate with an adaptive limit', () => {
  const adaptive = { min: 1, start: 2, max: 8 };

  test('has no more in flight, and lets the next through when a call ends', () => {
    const gate = gateWith({ adaptive });
    const first = startCall(gate);
    startCall(gate);
    enter(gate, 'third');
    expect([told, clock.pendingTimers]).toEqual([['call', 'call'], 0]);
    endCall(gate, first);
    expect(told).toEqual(['call', 'call', 'third']);
  });

  test('grows by clean, saturated rounds, and tells so', () => {
    const gate = gateWith({ adaptive });
    for (let round = 0; round < 2; round++) {
      const passes = [startCall(gate), startCall(gate)];
      for (const pass of passes) endCall(gate, pass);
    }
    expect(changes).toMatchObject([{ type: 'limit-changed', from: 2, to: 4 }]);
  });

  test('does not grow by calls that wait for a slot, nor beyond the slots', () => {
    const gate = gateWith({ adaptive: { min: 1, start: 5, max: 100 } });
    for (let call = 0; call < 40; call++) enter(gate, 'call');
    for (let call = 0; call < 40; call++) {
      const pass = gate.start(0);
      if (pass !== undefined) endCall(gate, pass);
    }
    expect(changes).toEqual([]);
    for (let round = 0; round < 9; round++) {
      const passes = Array.from({ length: SLOTS }, () => startCall(gate));
      for (const pass of passes) endCall(gate, pass, { limit: SLOTS + 1 });
    }
    expect(changes).toMatchObject([{ type: 'limit-changed', from: 5, to: 6 }]);
  });

  test('takes repeated calls for no evidence', () => {
    const gate = gateWith({ adaptive });
    for (let round = 0; round < 4; round++) {
      const passes = [startCall(gate), startCall(gate)];
      for (const pass of passes) endCall(gate, pass, { isFirstAttempt: false });
    }
    expect(changes).toEqual([]);
  });

  test('is cut once for all 429s of an episode, and not by faults of the server', async () => {
    const gate = gateWith({ adaptive: { min: 1, start: 4, max: 8 } });
    const passes = [startCall(gate), startCall(gate), startCall(gate), startCall(gate)];
    await clock.advance(10);
    for (const [position, code] of (['server', 'rate_limited', 'rate_limited', 'ok'] as const).entries()) {
      const pass = passes[position];
      if (pass !== undefined) endCall(gate, pass, { code });
    }
    const cuts = changes.filter(({ type }) => type === 'limit-changed');
    expect(cuts).toMatchObject([{ from: 4, to: 2 }]);
  });
});
