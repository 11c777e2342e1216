import { beforeEach, describe, expect, test } from 'vitest';
import { createConcurrencyController, createGrader, type GradingProvider } from 'gradelanes';
import { manualClock, type ManualClock } from 'gradelanes/testing';
import { Lobby, type LobbyOptions, type Waiter } from '../../../src/engine/limits/lobby.js';
import { sampleAnswers } from '../../sample-answers.js';

let clock: ManualClock;
let refused: string[];
beforeEach(() => {
  clock = manualClock();
  refused = [];
});

function lobbyWith(options: Partial<LobbyOptions>): Lobby {
  return new Lobby({ clock, slots: () => 2, maxWaiting: Infinity, maxWaitMs: Infinity, ...options });
}

function waiter(name: string, priority: Waiter['priority'] = 'interactive'): Waiter {
  return { priority, refuse: (retryAfterMs) => refused.push(`${name} ${retryAfterMs}`) };
}

describe('a lobby with a bound', () => {
  test('turns background calls away first, and of equals the newest', async () => {
    const lobby = lobbyWith({ maxWaiting: 2 });
    lobby.enter(waiter('first'));
    lobby.enter(waiter('import', 'background'));
    for (const name of ['second', 'third']) {
      lobby.enter(waiter(name));
      await clock.advance(0);
    }
    expect(refused).toEqual(['import 1000', 'third 1000']);
    expect([lobby.count, lobby.busyForMs()]).toEqual([2, 1_000]);
  });

  test('lets a call pass that begins at once, and says nothing while there is room', async () => {
    const lobby = lobbyWith({ maxWaiting: 0 });
    const quick = waiter('quick');
    lobby.enter(quick);
    lobby.leave(quick);
    await clock.advance(0);
    expect([refused, lobbyWith({ maxWaiting: 1 }).busyForMs()]).toEqual([[], undefined]);
  });

  test('tells a time after which those who wait have probably begun', () => {
    const lobby = lobbyWith({ maxWaiting: 3 });
    for (const durationMs of [3_000, 4_000, 5_000]) lobby.callTook(durationMs);
    for (const name of ['first', 'second', 'third']) lobby.enter(waiter(name));
    expect(lobby.busyForMs()).toBe((4_000 * 4) / 2);
  });

  test('turns away what has waited for too long, with one timer', async () => {
    const lobby = lobbyWith({ maxWaitMs: 500 });
    lobby.enter(waiter('first'));
    await clock.advance(300);
    const second = waiter('second');
    lobby.enter(second);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(200);
    expect(refused).toEqual(['first 1000']);
    lobby.leave(second);
    expect([lobby.count, clock.pendingTimers]).toEqual([0, 0]);
  });
});

describe('a controller with a bound on waiting', () => {
  const provider: GradingProvider = {
    name: 'slow',
    grade: async (items) => {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 2_000));
      return items.map(({ id }) => ({ id, score: 1 }));
    },
  };
  const plain = { localGrading: false, guards: false, random: () => 0.5 } as const;

  test('answers overloaded with a time to come back, and grades everybody else', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 2, maxWaiting: 3, clock });
    const grader = createGrader({ ...plain, provider, controller, clock });
    const runs = Array.from({ length: 10 }, (_, run) =>
      grader.gradeAnswersWithFallback(sampleAnswers(1, () => ({ answer: `${run}` }))),
    );
    await clock.advance(1);
    expect(controller.snapshot()).toMatchObject({ running: 2, waiting: 3, busyForMs: 1_000 });
    const reports = await clock.runUntil(Promise.all(runs));
    const results = reports.flatMap((report) => report.results);
    expect(results.filter(({ status }) => status === 'graded')).toHaveLength(5);
    const [failed] = results.filter((result) => result.status === 'failed');
    expect(failed?.error).toMatchObject({ code: 'overloaded', retryable: true, retryAt: expect.any(String) });
    expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0, busyForMs: undefined });
  });

  test('lets no call wait for longer than is allowed', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 1, maxWaitMs: 2_500, clock });
    const grader = createGrader({ ...plain, provider, controller, clock });
    const runs = ['a', 'b', 'c'].map((answer) => grader.gradeAnswersWithFallback(sampleAnswers(1, () => ({ answer }))));
    const reports = await clock.runUntil(Promise.all(runs));
    expect(reports.map(({ metrics }) => metrics.gradedCount)).toEqual([1, 1, 0]);
    expect(reports[2]?.metrics.totalProcessingTimeMs).toBe(2_500);
    expect(clock.pendingTimers).toBe(0);
  });

  test('refuses bounds that make no sense, naming them', () => {
    expect(() => createConcurrencyController({ maxWaiting: -1 })).toThrow('maxWaiting');
    expect(() => createConcurrencyController({ maxWaitMs: 0 })).toThrow('maxWaitMs');
  });
});
