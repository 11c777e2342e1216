import { describe, expect, test } from 'vitest';
import {
  createConcurrencyController,
  gradeAnswersConcurrently,
  type ConcurrencyController,
  type ConcurrencyControllerOptions,
  type GradingProvider,
  type GradingReport,
  type SingleModeOptions,
} from 'gradelanes';
import { seededRandom } from 'gradelanes/testing';
import { question } from '../sample-answers.js';
import { eventClock, type EventClock } from './event-clock.js';
import { mean } from './statistics.js';
import { timedProvider } from './timed-provider.js';

const SLOTS = 5;
const CALL_MS = 100;

/** Runs that share a controller, and the order in which their calls start. */
interface SharedRuns {
  readonly clock: EventClock;
  /** The name of the run, once per call. */
  readonly starts: readonly string[];
  /** When so many calls have started. */
  readonly callsStarted: (count: number) => Promise<void>;
  readonly startRun: (
    name: string,
    answerCount: number,
    options?: Partial<SingleModeOptions>,
  ) => Promise<GradingReport>;
}

/** Calls take as long as `durationMsOf` says, by the answer's text: `name 0`, `name 1`, ... */
function shareController(durationMsOf: (text: string) => number, shape: ConcurrencyControllerOptions = {}): SharedRuns {
  const clock = eventClock();
  const controller: ConcurrencyController = createConcurrencyController({
    maxConcurrentTasks: SLOTS,
    clock,
    ...shape,
  });
  const starts: string[] = [];
  const waiting = new Map<number, () => void>();
  const timed: GradingProvider = timedProvider(clock, (item) => durationMsOf(item?.answer ?? ''));
  const provider: GradingProvider = {
    grade: async (items, call) => {
      starts.push(items[0]?.answer.split(' ')[0] ?? '');
      waiting.get(starts.length)?.();
      return timed.grade(items, call);
    },
  };
  const shared = { provider, clock, controller, localGrading: false, guards: false, random: () => 0.5 } as const;
  return {
    clock,
    starts,
    callsStarted: (count) =>
      new Promise((resolve) => {
        waiting.set(count, resolve);
      }),
    startRun: (name, answerCount, options) => {
      const answers = Array.from({ length: answerCount }, (_, index) => ({ question, answer: `${name} ${index}` }));
      return gradeAnswersConcurrently(answers, { ...shared, ...options });
    },
  };
}

function after(clock: EventClock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimeout(resolve, delayMs);
  });
}

describe('starvation', () => {
  describe.each<[string, ConcurrencyControllerOptions, number]>([
    ['slots', {}, CALL_MS],
    ['a rate', { limits: { requestsPerMinute: 600, burst: 1 } }, CALL_MS],
    ['a rate, and slow calls', { limits: { requestsPerMinute: 600, burst: 5 } }, 4 * CALL_MS],
    ['an adaptive limit', { maxConcurrentTasks: 10, adaptive: { min: 5, start: 5, max: 5 } }, CALL_MS],
  ])('where %s hold calls back', (_, limits, callMs) => {
    test.each([1, 2, 4, 8])(
      'a background answer starts after at most 4 of %i interactive runs, and gets no more than its share',
      async (interactiveCount) => {
        const random = seededRandom(interactiveCount);
        const { clock, starts, startRun } = shareController(() => callMs * (0.75 + 0.5 * random()), limits);
        const interactive = Array.from({ length: interactiveCount }, (__, run) => `interactive${run}`);
        const runs = [
          startRun('background', 160, { priority: 'background' }),
          ...interactive.map((name) => startRun(name, 600 / interactiveCount)),
        ];
        await clock.runUntil(Promise.all(runs));
        const isBackground = starts.map((name) => name === 'background');
        // From when all runs have something waiting until the interactive ones have sent all but their last.
        const together = isBackground.slice(2 * SLOTS, isBackground.lastIndexOf(false) - 2 * interactiveCount);
        const gaps = together.flatMap((background, index) => (background ? [index] : []));
        const longestGap = Math.max(...gaps.map((index, count) => index - (gaps[count - 1] ?? -1) - 1));
        expect(longestGap).toBe(4);
        expect(gaps.length / together.length).toBeCloseTo(0.2, 2);
      },
    );
  });

  test.each([2, 4, 8])(
    'a background answer starts after at most 4 of %i interactive runs where a rate and slots bind by turns',
    async (interactiveCount) => {
      for (let seed = 1; seed <= 5; seed++) {
        const random = seededRandom(seed);
        // Five slots for half a second each let through just what the rate does.
        const shape = { limits: { requestsPerMinute: 600, burst: 5 } };
        const { clock, starts, startRun } = shareController(() => 500 * (0.5 + random()), shape);
        const runs = [
          startRun('background', 100, { priority: 'background' }),
          ...Array.from({ length: interactiveCount }, (_, run) => startRun(`run${run}`, 320 / interactiveCount)),
        ];
        await clock.runUntil(Promise.all(runs));
        const together = starts.slice(2 * SLOTS, starts.lastIndexOf('background'));
        const streaks = together
          .map((name) => (name === 'background' ? ' ' : 'i'))
          .join('')
          .split(' ');
        expect(Math.max(...streaks.map((streak) => streak.length)), `seed ${seed}`).toBeLessThanOrEqual(4);
      }
    },
  );

  test.each([0, 13, 50, 99])(
    'a review of 5 that comes %i ms into a call of a run of 10,000 is done in time',
    async (ms) => {
      const idleMs = CALL_MS;
      const { clock, callsStarted, startRun } = shareController(() => CALL_MS);
      const large = startRun('large', 10_000);
      const review = (async () => {
        await callsStarted(100);
        await after(clock, ms);
        return startRun('review', 5);
      })();
      const { metrics } = await clock.runUntil(review);
      expect(metrics.gradedCount).toBe(5);
      expect(metrics.totalProcessingTimeMs, 'the slots were taken').toBeGreaterThan(idleMs);
      expect(metrics.totalProcessingTimeMs).toBeLessThanOrEqual(2 * idleMs + CALL_MS);
      expect((await clock.runUntil(large)).metrics.gradedCount).toBe(10_000);
    },
  );

  test('reviews of 5 that come while a run of 10,000 goes on are done in time, whatever their calls take', async () => {
    const longestMs = 1.5 * CALL_MS;
    const random = seededRandom(1);
    const durationsMs = new Map<string, number>();
    const durationMsOf = (text: string): number => {
      const known = durationsMs.get(text) ?? longestMs * (1 / 3 + (2 / 3) * random());
      durationsMs.set(text, known);
      return known;
    };
    const { clock, callsStarted, startRun } = shareController(durationMsOf);
    const large = startRun('large', 10_000);
    const lateness: number[] = [];
    const reviews = (async () => {
      await callsStarted(100);
      for (let count = 0; count < 100; count++) {
        await after(clock, 1_000 * random());
        const { metrics } = await startRun(`review${count}`, 5);
        const idleMs = Math.max(...[0, 1, 2, 3, 4].map((index) => durationMsOf(`review${count} ${index}`)));
        lateness.push(metrics.totalProcessingTimeMs - (2 * idleMs + longestMs));
      }
    })();
    await clock.runUntil(Promise.all([large, reviews]));
    expect(Math.max(...lateness)).toBeLessThanOrEqual(0);
  });
});

describe('equal runs', () => {
  test.each([1, 5, 12])('200 reviews of %i at once finish on average as early as one after the other', async (size) => {
    const random = seededRandom(size);
    const durationsMs = Array.from({ length: 200 * size }, () => CALL_MS * (0.5 + random()));
    const durationMsOf = (text: string): number => {
      const [run, index] = text.split(' ').map(Number);
      return durationsMs[(run ?? 0) * size + (index ?? 0)] ?? 0;
    };
    const { clock, startRun } = shareController(durationMsOf);
    const runs = Array.from({ length: 200 }, async (_, run) => {
      await startRun(String(run), size);
      return clock.now();
    });
    const finishedMs = await clock.runUntil(Promise.all(runs));
    expect(mean(finishedMs) / mean(firstComeFinishesMs(durationsMs, size))).toBeLessThanOrEqual(1.1);
  });
});

/** When each run would be done if calls started strictly in the order of arrival. */
function firstComeFinishesMs(durationsMs: readonly number[], size: number): readonly number[] {
  const freeAtMs = Array.from({ length: SLOTS }, () => 0);
  const endsMs = durationsMs.map((durationMs) => {
    const slot = freeAtMs.indexOf(Math.min(...freeAtMs));
    return (freeAtMs[slot] = (freeAtMs[slot] ?? 0) + durationMs);
  });
  const runs = Array.from({ length: endsMs.length / size }, (_, run) => endsMs.slice(run * size, (run + 1) * size));
  return runs.map((each) => Math.max(...each));
}
