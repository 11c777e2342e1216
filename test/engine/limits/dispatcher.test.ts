import { createConcurrencyController, type SharedLimiter } from 'gradelanes';
import { manualClock, type ManualClock } from 'gradelanes/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { coreOf, type ControllerCore } from '../../../src/engine/limits/create-controller.js';
import { ProviderGate } from '../../../src/engine/limits/provider-gate.js';
import { Dispatcher, type DispatchedCall, type DispatcherOptions } from '../../../src/engine/limits/dispatcher.js';
import { StopSignal } from '../../../src/async/stop-signal.js';
import type { Claim } from '../../../src/engine/limits/claim.js';
import { yieldToEventLoop } from '../../../src/async/yield.js';

let clock: ManualClock;
let stop: StopSignal;
/** What calls did, in order. */
let log: string[];
let endings: Map<string, () => void>;
beforeEach(() => {
  clock = manualClock();
  stop = new StopSignal();
  log = [];
  endings = new Map();
});

function coreWith(maxConcurrentTasks: number, limiter?: SharedLimiter): ControllerCore {
  return coreOf(createConcurrencyController({ maxConcurrentTasks, clock, limiter }));
}

/** The same for all lanes of a controller. */
function gateOf(core: ControllerCore): ProviderGate {
  return core.gateFor({ limitKey: 'vendor', name: 'vendor', isLocal: false });
}

function claimOf(core: ControllerCore, limit = Infinity): Claim {
  return core.newClaim({ priority: 'interactive', answersLeft: 10, limit });
}

function dispatcherWith(core: ControllerCore, options: Partial<DispatcherOptions> = {}): Dispatcher {
  return new Dispatcher({
    core,
    gate: gateOf(core),
    provider: 'vendor',
    claim: claimOf(core),
    mostAtOnce: Infinity,
    stop,
    ...options,
  });
}

/** A call that runs until it is told to end. */
function call(name: string, options: Partial<DispatchedCall<string, string>> = {}): DispatchedCall<string, string> {
  return {
    isRetry: false,
    tokens: 0,
    whyOver: () => stop.reason,
    whyBusy: (retryAfterMs) => `busy for ${retryAfterMs} ms`,
    start: () => {
      log.push(name);
      return new Promise((resolve) => endings.set(name, () => resolve(`${name} ended`)));
    },
    ...options,
  };
}

async function end(name: string): Promise<void> {
  endings.get(name)?.();
  await yieldToEventLoop();
}

describe('a dispatcher', () => {
  test('starts a call at once where there is room, and gives its result', async () => {
    const core = coreWith(2);
    const dispatcher = dispatcherWith(core);
    const result = dispatcher.run(call('only'));
    await yieldToEventLoop();
    expect([log, core.waiting.count, core.running.byName()]).toEqual([['only'], 0, [{ name: 'vendor', running: 1 }]]);
    await end('only');
    expect(await result).toBe('only ended');
    expect([core.queue.pending, core.running.byName()]).toEqual([0, []]);
  });

  test('lets no more calls run than there are slots, and says who waits', async () => {
    const core = coreWith(2);
    const dispatcher = dispatcherWith(core);
    for (const name of ['first', 'second', 'third']) void dispatcher.run(call(name));
    await yieldToEventLoop();
    expect([log, core.waiting.count]).toEqual([['first', 'second'], 1]);
    await end('first');
    expect([log, core.waiting.count]).toEqual([['first', 'second', 'third'], 0]);
    for (const name of ['second', 'third']) await end(name);
  });

  test('keeps to the limit of its run, and lets repeated calls go before fresh ones', async () => {
    const core = coreWith(5);
    const dispatcher = dispatcherWith(core, { claim: claimOf(core, 1) });
    for (const name of ['first', 'second']) void dispatcher.run(call(name));
    void dispatcher.run(call('repeated', { isRetry: true }));
    await yieldToEventLoop();
    expect(log).toEqual(['first']);
    await end('first');
    await end('repeated');
    await end('second');
    expect(log).toEqual(['first', 'repeated', 'second']);
    expect(core.queue.pending).toBe(0);
  });

  test('gives up what is over though calls of other runs wait before it, and never makes it', async () => {
    const core = coreWith(2);
    const gate = gateOf(core);
    const [patient, impatient] = [dispatcherWith(core), dispatcherWith(core)];
    await patient.run(
      call('rejected', { start: (pass) => Promise.resolve(pass).then((each) => (pause(gate, each), '')) }),
    );
    void patient.run(call('waits'));
    let isOver = false;
    const given = impatient.run(call('gives up', { whyOver: () => (isOver ? 'over' : undefined) }));
    void impatient.run(call('stays'));
    isOver = true;
    impatient.giveUpOver();
    expect([await given, core.waiting.count]).toEqual([{ dropped: 'over' }, 2]);
    isOver = false;
    await clock.advance(1_000);
    expect(log).toEqual(['waits', 'stays']);
    for (const name of ['waits', 'stays']) await end(name);
    expect([core.waiting.count, core.queue.pending]).toEqual([0, 0]);
  });

  test('shares one limit with the other dispatchers of a run', async () => {
    const core = coreWith(5);
    const claim = claimOf(core, 1);
    const [one, other] = [dispatcherWith(core, { claim }), dispatcherWith(core, { claim })];
    void one.run(call('one'));
    void other.run(call('other'));
    await yieldToEventLoop();
    expect([log, other.hasSpareSlot()]).toEqual([['one'], false]);
    await end('one');
    expect(log).toEqual(['one', 'other']);
    await end('other');
    expect(claim.hasRoom()).toBe(true);
  });

  test('hands on what a call throws, and frees its slot', async () => {
    const core = coreWith(1);
    const dispatcher = dispatcherWith(core);
    const fault = new Error('broken');
    await expect(dispatcher.run(call('broken', { start: () => Promise.reject(fault) }))).rejects.toBe(fault);
    // oxlint-disable-next-line prefer-promise-reject-errors
    const odd = dispatcher.run(call('odd', { start: () => Promise.reject('text') }));
    await expect(odd).rejects.toMatchObject({ message: 'a call could not be made', cause: 'text' });
    expect([core.queue.pending, core.waiting.count, core.running.byName()]).toEqual([0, 0, []]);
  });

  test('makes no call that is over when its turn comes', async () => {
    const core = coreWith(1);
    const dispatcher = dispatcherWith(core);
    void dispatcher.run(call('first'));
    let isOver = false;
    const late = dispatcher.run(call('late', { whyOver: () => (isOver ? 'over' : undefined) }));
    const next = dispatcher.run(call('next'));
    await yieldToEventLoop();
    isOver = true;
    await end('first');
    expect(await late).toEqual({ dropped: 'over' });
    expect(log).toEqual(['first', 'next']);
    await end('next');
    expect(await next).toBe('next ended');
    expect(await dispatcher.run(call('never', { whyOver: () => 'over' }))).toEqual({ dropped: 'over' });
    expect(core.waiting.count).toBe(0);
  });

  test('waits for the gate with no slot in its hands', async () => {
    const core = coreWith(1);
    const dispatcher = dispatcherWith(core);
    const gate = gateOf(core);
    await dispatcher.run(
      call('rejected', { start: (pass) => Promise.resolve(pass).then((each) => (pause(gate, each), '')) }),
    );
    void dispatcher.run(call('waiting'));
    await yieldToEventLoop();
    expect([log, core.queue.pending, core.queue.size, dispatcher.hasSpareSlot()]).toEqual([[], 0, 0, false]);
    await clock.advance(1_000);
    expect(log).toEqual(['waiting']);
    await end('waiting');
  });

  test('enters the gate again where that closed while the call waited for its slot', async () => {
    const core = coreWith(1);
    const dispatcher = dispatcherWith(core);
    const gate = gateOf(core);
    void dispatcher.run(
      call('first', {
        start: (pass) => new Promise((resolve) => endings.set('first', () => resolve((pause(gate, pass), '')))),
      }),
    );
    void dispatcher.run(call('second'));
    await yieldToEventLoop();
    await end('first');
    expect([log, core.queue.pending, core.waiting.count]).toEqual([[], 0, 1]);
    await clock.advance(1_000);
    expect(log).toEqual(['second']);
    await end('second');
  });
});

describe('a dispatcher whose run stops', () => {
  test('gives up what waits and lets what runs end', async () => {
    const core = coreWith(1);
    const dispatcher = dispatcherWith(core);
    const first = dispatcher.run(call('first'));
    const second = dispatcher.run(call('second'));
    const room = dispatcher.room();
    await yieldToEventLoop();
    stop.stop('aborted');
    expect(await second).toEqual({ dropped: stop.reason });
    await room;
    expect(core.waiting.count).toBe(0);
    await end('first');
    expect([await first, log, core.queue.pending]).toEqual(['first ended', ['first'], 0]);
    expect(await dispatcher.run(call('later'))).toEqual({ dropped: stop.reason });
    expect([log, core.waiting.count]).toEqual([['first'], 0]);
  });
});

describe('room in a dispatcher', () => {
  test('is there while nothing waits', async () => {
    const dispatcher = dispatcherWith(coreWith(1));
    expect(dispatcher.room()).toBeUndefined();
    void dispatcher.run(call('first'));
    await yieldToEventLoop();
    expect(dispatcher.room()).toBeUndefined();
    await end('first');
  });

  test('comes when the last call that waited has begun', async () => {
    const dispatcher = dispatcherWith(coreWith(1));
    void dispatcher.run(call('first'));
    void dispatcher.run(call('second'));
    await yieldToEventLoop();
    let hasRoom = false;
    void dispatcher.room()?.then(() => (hasRoom = true));
    await yieldToEventLoop();
    expect(hasRoom).toBe(false);
    await end('first');
    expect(hasRoom).toBe(true);
    await end('second');
  });
});

describe('a spare slot', () => {
  test('is one that nobody holds or waits for', async () => {
    const core = coreWith(2);
    const dispatcher = dispatcherWith(core);
    expect(dispatcher.hasSpareSlot()).toBe(true);
    void dispatcher.run(call('first'));
    await yieldToEventLoop();
    expect(dispatcher.hasSpareSlot()).toBe(true);
    void dispatcher.run(call('second'));
    await yieldToEventLoop();
    expect(dispatcher.hasSpareSlot()).toBe(false);
    for (const name of ['first', 'second']) await end(name);
    expect(dispatcher.hasSpareSlot()).toBe(true);
  });

  test('is none beyond the limit of the run', async () => {
    const core = coreWith(5);
    const dispatcher = dispatcherWith(core, { claim: claimOf(core, 1) });
    void dispatcher.run(call('first'));
    await yieldToEventLoop();
    expect(dispatcher.hasSpareSlot()).toBe(false);
    await end('first');
  });
});

describe('a shared limiter', () => {
  test('is asked before every call, with what the call is expected to take', async () => {
    const asked: object[] = [];
    let allow = (): void => {};
    const limiter: SharedLimiter = {
      acquire: (request) => {
        asked.push(request);
        return new Promise((resolve) => (allow = resolve));
      },
    };
    const dispatcher = dispatcherWith(coreWith(1, limiter));
    void dispatcher.run(call('first', { tokens: 120 }));
    await yieldToEventLoop();
    expect([asked, log]).toEqual([[{ provider: 'vendor', tokens: 120, waiting: expect.any(Function) }], []]);
    allow();
    await yieldToEventLoop();
    expect(log).toEqual(['first']);
    await end('first');
  });

  test('is told what usage has taught, for the call that waits as well', async () => {
    const asked: number[] = [];
    const limiter: SharedLimiter = {
      acquire: async ({ tokens }) => {
        asked.push(tokens);
      },
    };
    const core = coreWith(5, limiter);
    const dispatcher = dispatcherWith(core, { claim: claimOf(core, 1) });
    const use = (name: string, tokens: number): DispatchedCall<string, string> => ({
      ...call(name, { tokens: 100 }),
      start: async (pass) => {
        gateOf(core).end(pass, { ...wentWell, tokens });
        return name;
      },
    });
    await Promise.all([
      dispatcher.run(use('first', 300)),
      dispatcher.run(use('second', 300)),
      dispatcher.run(call('no', { whyOver: () => 'over' })),
    ]);
    void dispatcher.run({ ...use('hedge', 0), tokens: 0 });
    await yieldToEventLoop();
    expect(asked).toEqual([100, 300, 300]);
  });

  test('that is down limits nothing', async () => {
    const dispatcher = dispatcherWith(coreWith(1, { acquire: () => Promise.reject(new Error('no connection')) }));
    const result = dispatcher.run(call('first'));
    await yieldToEventLoop();
    await end('first');
    expect(await result).toBe('first ended');
  });
});

const wentWell = {
  code: 'ok',
  isFirstAttempt: true,
  isOfSeveral: false,
  retryAfterMs: undefined,
  rateLimit: undefined,
  durationMs: 1,
  limit: 1,
} as const;

/** The provider turns the call away for a second. */
function pause(gate: ProviderGate, pass: Parameters<ProviderGate['end']>[0]): void {
  gate.end(pass, { ...wentWell, code: 'rate_limited', retryAfterMs: 980, tokens: undefined });
}
