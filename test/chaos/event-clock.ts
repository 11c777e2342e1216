import type { Clock } from '../../src/contract/clock.js';

/** A clock for long simulations. */
export interface EventClock extends Clock {
  /** Runs timers, in order of time, until the promise settles; returns what it settles to. */
  runUntil<T>(promise: Promise<T>): Promise<T>;
  /** Time goes on while no timer can run, as when a process is stopped; what fell due is late. */
  suspend(ms: number): void;
  /** Timers that are set and have not run. */
  readonly pendingTimers: number;
}

interface Timer {
  readonly dueAtMs: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

const MAX_IDLE_TURNS = 10_000;

// Taken at load: a test runner's fake timers would hold it back.
const laterTurn = setImmediate;

/**
 * The manual clock of the testing kit, made for hundreds of thousands of timers: a heap of them, and between two of
 * them just the turns of the event loop that the engine itself needs. What waits for anything else must not use it.
 */
export function eventClock(): EventClock {
  const heap = new TimerHeap();
  let nowMs = 0;
  let order = 0;

  return {
    get pendingTimers() {
      return heap.pending;
    },
    suspend: (ms) => {
      nowMs += ms;
    },
    now: () => nowMs,
    date: () => Date.UTC(2026, 0, 1) + nowMs,
    setTimeout: (callback, delayMs) => {
      const timer: Timer = { dueAtMs: nowMs + Math.max(0, delayMs), order: order++, callback };
      heap.push(timer);
      return timer;
    },
    clearTimeout: (handle) => {
      // The handle is opaque to the engine; it can only be what `setTimeout` above returned.
      if (handle !== undefined) (handle as Timer).callback = undefined;
    },
    async runUntil(promise) {
      let isSettled = false;
      const settled = (): void => {
        isSettled = true;
      };
      promise.then(settled, settled);
      await settle();
      for (let idleTurns = 0; !isSettled; idleTurns++) {
        const timer = heap.pop();
        if (timer === undefined) {
          // What the test itself loads takes some turns.
          if (idleTurns > MAX_IDLE_TURNS) throw new Error('no timer is left, and the promise waits for something else');
          await settle();
        } else if (timer.callback !== undefined) {
          idleTurns = 0;
          nowMs = Math.max(nowMs, timer.dueAtMs);
          timer.callback();
          await settle();
        }
      }
      return promise;
    },
  };
}

/** Promises settle within one turn; the engine gives the event loop one of its own after an aborted call. */
async function settle(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    laterTurn(resolve);
  });
}

/** A binary heap; of two timers due at once, the one set first comes first. */
class TimerHeap {
  readonly #timers: Timer[] = [];

  get pending(): number {
    return this.#timers.filter(({ callback }) => callback !== undefined).length;
  }

  push(timer: Timer): void {
    const timers = this.#timers;
    let position = timers.push(timer) - 1;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (!isBefore(timer, timers[parent])) break;
      this.#move(parent, position);
      position = parent;
    }
    timers[position] = timer;
  }

  pop(): Timer | undefined {
    const timers = this.#timers;
    const [first] = timers;
    const last = timers.pop();
    if (last === undefined || last === first) return first;
    let position = 0;
    for (;;) {
      const left = 2 * position + 1;
      const child = isBefore(timers[left + 1], timers[left]) ? left + 1 : left;
      if (!isBefore(timers[child], last)) break;
      this.#move(child, position);
      position = child;
    }
    timers[position] = last;
    return first;
  }

  #move(from: number, to: number): void {
    const timer = this.#timers[from];
    if (timer !== undefined) this.#timers[to] = timer;
  }
}

function isBefore(one: Timer | undefined, other: Timer | undefined): boolean {
  if (one === undefined) return false;
  if (other === undefined) return true;
  return one.dueAtMs === other.dueAtMs ? one.order < other.order : one.dueAtMs < other.dueAtMs;
}
