import { Claim } from './claim.js';

/** Entry of a fair queue: a value that waits, and the claim that it waits for. */
export interface QueueEntry<T> {
  readonly claim: Claim;
  /** Goes before what its run has waiting. */
  readonly isRetry: boolean;
  readonly value: T;
}

/** Weight of the lanes: one background start follows at most this many interactive ones while both wait. */
const INTERACTIVE_PER_BACKGROUND = 4;

/**
 * Aging: at every so many starts of a lane, the oldest run has its turn, so that a long run moves on among short ones
 * (no starvation).
 */
const OLDEST_RUN_EVERY = 5;

/**
 * Fair queue: two lanes at 4 to 1, and within a lane the run with the fewest answers left (shortest remaining work
 * first), which gives the lowest mean finish, while the oldest run gets every fifth start. Equal runs go in order of
 * arrival. Owned by a gate, or by the controller for its slots; lives as long.
 */
export class FairQueue<T> {
  readonly #lanes: { readonly interactive: Lane<T>; readonly background: Lane<T> };
  /** Interactive starts since the last background one. */
  #interactiveStreak = 0;

  /** @param isReady False passes over what a run has waiting, e.g. because its own limit is reached. */
  constructor(isReady: (claim: Claim) => boolean = () => true) {
    this.#lanes = { interactive: new Lane<T>(isReady), background: new Lane<T>(isReady) };
  }

  /** All that waits, ready or not. */
  get size(): number {
    return this.#lanes.interactive.size + this.#lanes.background.size;
  }

  add(entry: QueueEntry<T>): void {
    this.#lanes[entry.claim.priority].add(entry);
  }

  /** A background start was made elsewhere, and so many interactive ones will be before one that comes now. */
  backgroundStarted(before: number): void {
    this.#interactiveStreak = Math.max(this.#interactiveStreak, before);
  }

  /** The next entry, which stays; `undefined` when nothing is ready. */
  peek(): QueueEntry<T> | undefined {
    return this.#nextLane().peek();
  }

  /** Takes out what is next; `undefined` when nothing is ready. */
  take(): QueueEntry<T> | undefined {
    const lane = this.#nextLane();
    // A background run that has started a call needs a moment to put in its next: starts in between count all the same.
    this.#interactiveStreak = lane === this.#lanes.background ? 0 : this.#interactiveStreak + 1;
    return lane.take();
  }

  #nextLane(): Lane<T> {
    const { interactive, background } = this.#lanes;
    const isBackgroundDue = this.#interactiveStreak >= INTERACTIVE_PER_BACKGROUND || !interactive.isReady();
    return isBackgroundDue && background.isReady() ? background : interactive;
  }
}

/** The runs that wait in one lane. Owned by its queue. */
class Lane<T> {
  readonly #runs = new Map<Claim, Backlog<T>>();
  readonly #isReady: (claim: Claim) => boolean;
  /** Starts of this lane so far, by which the oldest run's turn comes. */
  #starts = 0;
  size = 0;

  constructor(isReady: (claim: Claim) => boolean) {
    this.#isReady = isReady;
  }

  isReady(): boolean {
    return this.size > 0 && this.#next() !== undefined;
  }

  add(entry: QueueEntry<T>): void {
    const backlog = this.#runs.get(entry.claim) ?? new Backlog<T>();
    this.#runs.set(entry.claim, backlog);
    backlog.add(entry);
    this.size++;
  }

  peek(): QueueEntry<T> | undefined {
    const claim = this.#next();
    return claim && this.#runs.get(claim)?.peek();
  }

  take(): QueueEntry<T> | undefined {
    const claim = this.#next();
    const backlog = claim && this.#runs.get(claim);
    if (claim === undefined || backlog === undefined) return undefined;
    this.size--;
    this.#starts++;
    const entry = backlog.take();
    if (backlog.size === 0) this.#runs.delete(claim);
    return entry;
  }

  /** The claim whose turn it is, among those that are ready; `undefined` if none is. */
  #next(): Claim | undefined {
    const isOldestDue = (this.#starts + 1) % OLDEST_RUN_EVERY === 0;
    let best: Claim | undefined;
    for (const claim of this.#runs.keys()) {
      if (!this.#isReady(claim)) continue;
      if (best === undefined || (isOldestDue ? isOlder(claim, best) : isShorter(claim, best))) best = claim;
    }
    return best;
  }
}

/**
 * Backlog of one run: its waiting entries, repeated calls first, each kind in order of arrival. Owned by its lane,
 * until it is empty.
 */
class Backlog<T> {
  #repeated: QueueEntry<T>[] = [];
  #fresh: QueueEntry<T>[] = [];
  #next: QueueEntry<T> | undefined;

  get size(): number {
    return this.#repeated.length + this.#fresh.length + (this.#next === undefined ? 0 : 1);
  }

  add(entry: QueueEntry<T>): void {
    (entry.isRetry ? this.#repeated : this.#fresh).push(entry);
  }

  /** An entry that was shown stays next: a call that is turned away would come back before it again and again. */
  peek(): QueueEntry<T> | undefined {
    this.#next ??= this.#repeated.length > 0 ? this.#repeated.shift() : this.#fresh.shift();
    return this.#next;
  }

  take(): QueueEntry<T> | undefined {
    const next = this.peek();
    this.#next = undefined;
    return next;
  }
}

function isOlder(claim: Claim, other: Claim): boolean {
  return claim.order < other.order;
}

function isShorter(claim: Claim, other: Claim): boolean {
  return claim.answersLeft === other.answersLeft ? isOlder(claim, other) : claim.answersLeft < other.answersLeft;
}

type Start = () => Promise<unknown>;

/** Options that a task hands to p-queue when it asks for a slot. */
export interface SlotOptions {
  readonly claim: Claim;
  readonly isRetry: boolean;
  /** p-queue names every task. */
  readonly id?: string | undefined;
  readonly priority?: number;
}

/** The order of waiting tasks for p-queue: lanes and fair shares instead of its priorities. Owned by the controller. */
export class SlotQueue {
  readonly #queue = new FairQueue<Start>();

  get size(): number {
    return this.#queue.size;
  }

  enqueue(start: Start, options?: Partial<SlotOptions>): void {
    this.#queue.add({ claim: options?.claim ?? OUTSIDE, isRetry: options?.isRetry ?? false, value: start });
  }

  dequeue(): Start | undefined {
    return this.#queue.take()?.value;
  }

  /** p-queue asks for the tasks of a priority; there are none here. */
  filter(): Start[] {
    return [];
  }

  /** Waiting tasks are given up by whoever waits for them, not taken out. */
  setPriority(): void {}
  remove(): void {}
}

/** The claim of tasks that belong to no run. */
const OUTSIDE = new Claim({ priority: 'interactive', order: 0, answersLeft: 1, limit: Infinity });
