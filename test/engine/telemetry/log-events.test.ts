import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createConcurrencyController,
  gradeAnswersConcurrently,
  gradeAnswersWithFallback,
  ProviderError,
  type GradingEvent,
  type GradingOptions,
  type Logger,
} from 'gradelanes';
import { eventLog, expectEveryAnswerOnce, manualClock, mockProvider, type ManualClock } from 'gradelanes/testing';
import { outcomes, positionOf, sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, retry: false, random: () => 0.5 } as const;
const boom = (): never => {
  throw new Error('listener');
};

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

async function run(count: number, options: Partial<GradingOptions> = {}) {
  const answers = sampleAnswers(count);
  const provider = mockProvider(1, { delayMs: 10, clock });
  const running = gradeAnswersWithFallback(answers, { ...plain, provider, clock, ...options });
  const report = await clock.runUntil(running);
  expectEveryAnswerOnce(report, answers);
  return report;
}

/** Falls back, repeats, refuses and grades. */
function eventful(): NonNullable<GradingOptions['provider']> {
  const provider = mockProvider(
    (item, { attempt }) => {
      if (positionOf(item) === 0 && attempt === 1) return new ProviderError('network', 'connection reset');
      return positionOf(item) === 1 ? { refused: true } : { score: 1, feedback: `well said: ${item.answer}` };
    },
    { delayMs: 10, clock },
  );
  return Object.assign(provider, { fingerprint: 'eventful' });
}

function spyLogger() {
  return { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() } satisfies Logger;
}

describe('events', () => {
  test('begin with the run and end with it, and tell one run apart from another', async () => {
    const events: GradingEvent[] = [];
    const onEvent = (event: GradingEvent): void => void events.push(event);
    await run(3, { onEvent });
    const firstRun = events.splice(0);
    await run(3, { onEvent });
    expect([firstRun.at(0)?.type, firstRun.at(-1)?.type]).toEqual(['run-started', 'run-ended']);
    expect(new Set(firstRun.map(({ runId }) => runId)).size).toBe(1);
    expect(events[0]?.runId).not.toBe(firstRun[0]?.runId);
  });

  test('carry times that rise from the start of the run', async () => {
    await clock.advance(1_000);
    const times: number[] = [];
    await run(7, { maxConcurrentTasks: 2, onEvent: ({ atMs }) => void times.push(atMs) });
    expect(times).toEqual(times.toSorted((first, second) => first - second));
    expect([times.at(0), times.at(-1)]).toEqual([0, 40]);
  });

  test('tell the start of each answer once and its end once', async () => {
    const events: GradingEvent[] = [];
    await run(4, { provider: eventful(), onEvent: (event) => void events.push(event) });
    const indicesOf = (...types: string[]): number[] =>
      events
        .flatMap((event) => (types.includes(event.type) && 'index' in event ? [event.index] : []))
        .toSorted((first, second) => first - second);
    expect(indicesOf('answer-started')).toEqual([0, 1, 2, 3]);
    expect(indicesOf('answer-graded', 'answer-failed')).toEqual([0, 1, 2, 3]);
  });

  test('tell the start and end of each call', async () => {
    const events: GradingEvent[] = [];
    const { metrics } = await run(4, { provider: eventful(), onEvent: (event) => void events.push(event) });
    const callsOf = (type: string): GradingEvent[] => events.filter((event) => event.type === type);
    expect(callsOf('call-started')).toHaveLength(metrics.requests);
    expect(callsOf('call-ended')).toHaveLength(metrics.requests);
    expect(callsOf('run-ended')).toEqual([expect.objectContaining({ metrics })]);
  });

  test('hold neither a learner’s text nor a prompt before an answer is graded', async () => {
    const events: GradingEvent[] = [];
    await run(4, { provider: eventful(), onEvent: (event) => void events.push(event) });
    const others = events.filter(({ type }) => type !== 'answer-graded');
    expect(JSON.stringify(others)).not.toContain('answer 2');
    expect(JSON.stringify(others)).not.toContain('Why does ice float?');
  });

  test('are the same on every run', async () => {
    const texts: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const log = eventLog({ times: true });
      clock = manualClock();
      await run(4, { provider: eventful(), onEvent: log.onEvent });
      texts.push(String(log));
    }
    expect(new Set(texts).size).toBe(1);
  });
});

describe('listeners that throw', () => {
  test('change nothing', async () => {
    const quiet = await run(4, { provider: eventful(), onResult: () => {} });
    clock = manualClock();
    const noisy = await run(4, { provider: eventful(), onEvent: boom, onProgress: boom, onResult: boom });
    expect(noisy).toEqual(quiet);
  });

  test('are told to the logger', async () => {
    const logger = spyLogger();
    await run(1, { onProgress: boom, onResult: boom, logger });
    const told = logger.warn.mock.calls.filter(([data]) => data instanceof Object && 'error' in data);
    expect(told).toHaveLength(2);
  });
});

describe('a logger', () => {
  test('is told faults as warnings, the end as information and the rest for debugging', async () => {
    const logger = spyLogger();
    await run(4, { provider: eventful(), logger });
    const types = (level: keyof ReturnType<typeof spyLogger>): string[] =>
      [...new Set(logger[level].mock.calls.map(([data]: { type?: string }[]) => data?.type ?? ''))].toSorted();
    expect(types('info')).toEqual(['run-ended']);
    expect(types('warn')).toEqual(['answer-failed', 'fallback-taken']);
    expect(types('debug')).toEqual(['answer-graded', 'answer-started', 'call-ended', 'call-started', 'run-started']);
    expect(types('error')).toEqual([]);
  });

  test('is told of calls that are repeated', async () => {
    const logger = spyLogger();
    const provider = mockProvider([new ProviderError('network', 'reset'), 1]);
    await run(1, { provider, retry: { maxAttempts: 2, baseDelayMs: 0 }, logger });
    expect(logger.warn).toHaveBeenCalledWith(expect.objectContaining({ type: 'call-retried' }), expect.any(String));
  });

  test('never sees feedback, which may quote the learner', async () => {
    const logger = spyLogger();
    await run(4, { provider: eventful(), logger });
    const lines = Object.values(logger).flatMap(({ mock }) => mock.calls);
    expect(JSON.stringify(lines)).not.toContain('well said');
  });

  test('keeps its own `this`', async () => {
    class Pino implements Logger {
      readonly lines: string[] = [];
      debug(_: object, message: string): void {
        this.lines.push(message);
      }
      info(_: object, message: string): void {
        this.lines.push(message);
      }
      warn(_: object, message: string): void {
        this.lines.push(message);
      }
      error(_: object, message: string): void {
        this.lines.push(message);
      }
    }
    const logger = new Pino();
    expect(outcomes(await run(1, { logger }))).toEqual([1]);
    expect(logger.lines).toContain('gradelanes run ended');
  });

  test.each([
    ['alone', {}],
    ['beside listeners that throw too', { onEvent: boom, onProgress: boom, onResult: boom }],
  ])('that throws changes nothing, so the run goes on when the logger throws %s', async (_, listeners) => {
    const logger: Logger = { debug: boom, info: boom, warn: boom, error: boom };
    const report = await run(4, { provider: eventful(), logger, ...listeners });
    expect(outcomes(report)).toEqual([1, 'refused', 1, 1]);
  });
});

describe('what a run is told of a provider’s limits', () => {
  const rateLimited = (): ProviderError => new ProviderError('rate_limited', 'slow down', { retryAfterMs: 10_000 });

  test('names the provider, in events and in the metrics', async () => {
    const events: GradingEvent[] = [];
    const provider = mockProvider([rateLimited(), 1], { name: 'vendor', clock });
    const { metrics } = await clock.runUntil(
      gradeAnswersConcurrently(sampleAnswers(1), {
        localGrading: false,
        provider,
        clock,
        adaptive: { start: 4 },
        onEvent: (event) => events.push(event),
      }),
    );
    const change = { provider: 'vendor', from: 4, to: 2, reason: 'the provider answered 429' };
    expect(metrics.limitHistory).toEqual([{ atMs: 0, ...change }]);
    expect(events.find(({ type }) => type === 'limit-changed')).toMatchObject(change);
  });

  test('begins with a pause that another run brought about', async () => {
    const controller = createConcurrencyController({ clock, random: () => 0 });
    const provider = mockProvider([rateLimited(), 1], { name: 'vendor', clock });
    const options = { localGrading: false, provider, clock, controller } as const;
    await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(1), { ...options, retry: false }));
    await clock.advance(4_000);
    const log = eventLog({ times: true });
    await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(1), { ...options, onEvent: log.onEvent }));
    expect(log.lines[1]).toBe('     0 ms provider-paused vendor for 6000 ms: it was paused before this run');
  });
});
