import type { Clock } from '../../contract/clock.js';
import { yieldsSoFar } from '../../async/yield.js';
import { nextTurn } from '../../async/yield.js';
import { seededRandom } from '../../contract/seeded-random.js';
import { nothingPending } from './waiting.js';

/** Turns of the event loop that pending work gets before time moves on, after the last in which the engine was at work. */
const TURNS_TO_SETTLE = 5;
/** Beyond this many turns, work goes on for ever, such as that of a stream without end. */
const MAX_TURNS = 1_000;
/** Beyond this many timers in one go, something re-arms itself for ever. */
const MAX_TIMERS = 100_000;
/** How long `runUntil` waits without any timer, in real time: an app may be loading a module, say. */
const MAX_IDLE_MS = 2_000;
const DAY_MS = 86_400_000;
// Taken at load, before a test runner can put its fakes in its place.
const realNow = performance.now.bind(performance);

/** How far `runAll` and `runUntil` may move the clock. */
export interface RunAllOptions {
  /** Milliseconds of the clock's time. @default 86_400_000, one day */
  limitMs?: number | undefined;
}

/** A clock that only moves when told to. */
export interface ManualClock extends Clock {
  /** Seeded chance: runs on this clock draw the same jitter and keys every time. */
  random(): number;
  /** Timers that are set and have not run. */
  readonly pendingTimers: number;
  /** Moves time on by so many milliseconds and runs what falls due, in order; promises settle between timers. */
  advance(ms: number): Promise<void>;
  /** Runs timers until none is left. */
  runAll(options?: RunAllOptions): Promise<void>;
  /** Runs timers until the promise settles, and returns what it settles to. */
  runUntil<T>(promise: PromiseLike<T>, options?: RunAllOptions): Promise<T>;
}

interface Timer {
  dueAt: number;
  callback: () => void;
}

/**
 * Makes a clock that stands still until a test moves it: retries, pauses, timeouts and deadlines run in no time, in
 * their real order, and the same way every time: the clock brings seeded chance (`random`), which runs use unless they
 * are given another. Doubles of this kit take the clock of the run that calls them. It creates no real timer and works beside a runner's fake timers, as
 * long as promises and microtasks stay real: in jest, `jest.useFakeTimers({ doNotFake: ['queueMicrotask'] })`. It cannot
 * hurry real I/O: use it with doubles, not with a server.
 *
 * @param startDate What `date()` says at first. @default '2026-01-01T00:00:00Z'
 * @returns The clock; hand it to the grading options.
 * @throws {Error} from `runAll` and `runUntil`, if timers go on for ever or the promise waits for something else.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import { manualClock, mockProvider } from 'gradelanes/testing';
 *
 * const clock = manualClock();
 * const provider = mockProvider(1, { delayMs: 30_000, clock });
 * const answer = { question: { prompt: 'Why does ice float?' }, answer: 'It is less dense.' };
 * const result = await clock.runUntil(gradeAnswer(answer, { provider, clock }));
 * console.log(result.durationMs); // 30000
 * ```
 */
export function manualClock(startDate: Date | string | number = '2026-01-01T00:00:00Z'): ManualClock {
  const startedAt = new Date(startDate).getTime();
  if (Number.isNaN(startedAt)) throw new RangeError('startDate must be a date');
  const timers = new Set<Timer>();
  let nowMs = 0;

  /** Runs what falls due as long as it is wanted; returns how many timers that were. */
  const runTimers = async (isWanted: (timer: Timer, count: number) => boolean): Promise<number> => {
    await settle();
    for (let count = 0; ; count += 1) {
      const timer = earliest(timers);
      if (timer === undefined || !isWanted(timer, count)) return count;
      nowMs = Math.max(nowMs, timer.dueAt);
      timers.delete(timer);
      timer.callback();
      await settle();
    }
  };
  return {
    get pendingTimers() {
      return timers.size;
    },
    now: () => nowMs,
    random: seededRandom(1),
    date: () => startedAt + nowMs,
    setTimeout: (callback, delayMs) => {
      const timer = { dueAt: nowMs + (delayMs > 0 ? delayMs : 0), callback };
      timers.add(timer);
      return timer;
    },
    // The handle is opaque to callers; deleting what is not a timer of this clock does nothing.
    clearTimeout: (handle) => void timers.delete(handle as Timer),
    async advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`advance() takes milliseconds from 0 up: received ${ms}`);
      const endsAt = nowMs + ms;
      await runTimers(({ dueAt }) => dueAt <= endsAt);
      nowMs = Math.max(nowMs, endsAt);
    },
    async runAll(options) {
      await runTimers(isWithin(nowMs, options));
    },
    async runUntil(promise, options) {
      const { isSettled } = watch(promise);
      let activeAt = realNow();
      while (!isSettled()) {
        const isInLimit = isWithin(nowMs, options);
        const count = await runTimers((...next) => !isSettled() && isInLimit(...next));
        if (count > 0) activeAt = realNow();
        else if (!isSettled() && realNow() - activeAt > MAX_IDLE_MS) throw stuck();
      }
      return promise;
    },
  };
}

/** Passes timers that are due within the limit from now on, and throws for the first beyond it. */
function isWithin(nowMs: number, { limitMs = DAY_MS }: RunAllOptions = {}): (timer: Timer, count: number) => boolean {
  const endsAt = nowMs + limitMs;
  return ({ dueAt }, count) => {
    if (dueAt <= endsAt && count < MAX_TIMERS) return true;
    throw endless(count, limitMs);
  };
}

async function settle(): Promise<void> {
  let yields = yieldsSoFar();
  let quietTurns = 0;
  for (let turn = 0; turn < MAX_TURNS && quietTurns < TURNS_TO_SETTLE; turn += 1) {
    await nextTurn();
    await nothingPending();
    // Over much input the engine lets others have their turn, and goes on in the next one.
    quietTurns = yields === yieldsSoFar() ? quietTurns + 1 : 0;
    yields = yieldsSoFar();
  }
}

/** A Set keeps the order of insertion, so that of two timers due at once the one set first comes first. */
function earliest(timers: ReadonlySet<Timer>): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) if (first === undefined || timer.dueAt < first.dueAt) first = timer;
  return first;
}

function watch(promise: PromiseLike<unknown>): { isSettled: () => boolean } {
  let isSettled = false;
  const settled = (): void => {
    isSettled = true;
  };
  promise.then(settled, settled);
  return { isSettled: () => isSettled };
}

function endless(count: number, limitMs: number): Error {
  return new Error(
    `manualClock: ${count} timers ran and more are due beyond limitMs ${limitMs}: does one set itself again?`,
  );
}

function stuck(): Error {
  return new Error(
    'manualClock: no timer is left and the promise waits for something else: was this clock given to all? ' +
      'Is queueMicrotask faked?',
  );
}
