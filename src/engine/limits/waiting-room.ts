import type { Clock } from '../../contract/clock.js';
import { FairQueue, type QueueEntry } from './fair-queue.js';
import type { GateTicket } from './gate-pass.js';

/** Longest delay of a timer, in milliseconds; a longer wait looks again after it. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The gate as its waiting room sees it. */
export interface Doorkeeper {
  readonly clock: Clock;
  /** Milliseconds until the ticket may go; `Infinity` until a call starts or ends. */
  waitMs(ticket: GateTicket): number;
  admit(entry: QueueEntry<GateTicket>): void;
}

/** Waiting room: the tickets before a gate, in fair order, with one timer for all of them. Owned by the gate. */
export class WaitingRoom {
  readonly #keeper: Doorkeeper;
  readonly #queue = new FairQueue<GateTicket>((claim) => claim.hasRoom());
  #timer: { handle: unknown } | undefined;
  /** True while tickets are let through: guards against re-entry. */
  #isPumping = false;

  constructor(keeper: Doorkeeper) {
    this.#keeper = keeper;
  }

  /** Tickets that wait, also those of runs that have reached their own limit. */
  get size(): number {
    return this.#queue.size;
  }

  /** True if somebody waits who could go as far as the run's own limit is concerned. */
  hasReady(): boolean {
    return this.#queue.peek() !== undefined;
  }

  /** Lets a ticket through, at once if nothing stands against it. */
  enter(entry: QueueEntry<GateTicket>): void {
    // Fast path: most tickets find nobody waiting, and nothing to wait for.
    if (this.size === 0 && entry.claim.hasRoom() && this.#keeper.waitMs(entry.value) <= 0) this.#keeper.admit(entry);
    else {
      this.#queue.add(entry);
      this.refresh();
    }
  }

  /** A background call was started, and so many interactive ones will be before one that comes now. */
  backgroundStarted(before: number): void {
    this.#queue.backgroundStarted(before);
  }

  /** Lets through the tickets that may go now, and sets one timer for the rest. */
  refresh(): void {
    // A ticket that is let through may bring us back here: the loop below looks again anyway.
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      this.#setTimer(this.#letThroughAll());
    } finally {
      this.#isPumping = false;
    }
  }

  /** Milliseconds that the first of the rest has to wait; `undefined` if nobody is ready. */
  #letThroughAll(): number | undefined {
    for (;;) {
      // A ticket stays in the queue until it may go: somebody may come meanwhile whose turn it is before.
      const entry = this.#queue.peek();
      if (entry === undefined) return undefined;
      const isWanted = entry.value.isWanted();
      const waitMs = isWanted ? this.#keeper.waitMs(entry.value) : 0;
      if (waitMs > 0) return waitMs;
      this.#queue.take();
      if (isWanted) this.#keeper.admit(entry);
      else entry.value.drop();
    }
  }

  /** Replaces the timer; none is needed for a wait that only a call's start or end can finish. */
  #setTimer(waitMs: number | undefined): void {
    const { clock } = this.#keeper;
    if (this.#timer !== undefined) clock.clearTimeout(this.#timer.handle);
    this.#timer = undefined;
    if (waitMs === undefined || waitMs === Infinity) return;
    const look = (): void => {
      this.#timer = undefined;
      this.refresh();
    };
    this.#timer = { handle: clock.setTimeout(look, Math.min(Math.ceil(waitMs), LONGEST_TIMER_MS)) };
  }
}
