/** A run's claim on slots, shared by all its calls. */
export interface Claim {
  readonly priority: 'interactive' | 'background';
  /** When the run came, counting up over the controller's life. */
  readonly order: number;
  /** Answers of the run that are not settled yet. */
  answersLeft: number;
}

/** What waits and for whom. */
export interface QueueEntry<T> {
  readonly claim: Claim;
  /** Goes before what its run has waiting. */
  readonly isRetry: boolean;
  readonly value: T;
}

/** One background start follows at most this many interactive ones while both wait. */
const INTERACTIVE_PER_BACKGROUND = 4;

/** Every so many starts of a lane, the oldest run has its turn, so that a long run moves on among short ones. */
const OLDEST_RUN_EVERY = 5;

/**
 * Decides who is next: two lanes at 4 to 1, and within a lane the run with the fewest answers left, which gives the
 * lowest mean finish, while the oldest run gets every fifth start. Equal runs go in order of arrival.
 */
export class FairQueue<T> {
  readonly #lanes = { interactive: new Lane<T>(), background: new Lane<T>() };
  #interactiveStreak = 0;

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

  /** What is next; `undefined` when nothing waits. */
  peek(): T | undefined {
    return this.#nextLane().peek();
  }

  /** Takes out what is next; `undefined` when nothing waits. */
  take(): T | undefined {
    const lane = this.#nextLane();
    // A background run that has started a call needs a moment to put in its next: starts in between count all the same.
    this.#interactiveStreak = lane === this.#lanes.background ? 0 : this.#interactiveStreak + 1;
    return lane.take();
  }

  #nextLane(): Lane<T> {
    const { interactive, background } = this.#lanes;
    const isBackgroundDue = interactive.size === 0 || this.#interactiveStreak >= INTERACTIVE_PER_BACKGROUND;
    return background.size > 0 && isBackgroundDue ? background : interactive;
  }
}

/** The runs that wait in one lane. */
class Lane<T> {
  readonly #runs = new Map<Claim, Backlog<T>>();
  #starts = 0;
  size = 0;

  add({ claim, isRetry, value }: QueueEntry<T>): void {
    const backlog = this.#runs.get(claim) ?? new Backlog<T>();
    this.#runs.set(claim, backlog);
    backlog.add(value, isRetry);
    this.size++;
  }

  peek(): T | undefined {
    const claim = this.#next();
    return claim && this.#runs.get(claim)?.peek();
  }

  take(): T | undefined {
    const claim = this.#next();
    const backlog = claim && this.#runs.get(claim);
    if (claim === undefined || backlog === undefined) return undefined;
    this.size--;
    this.#starts++;
    const value = backlog.take();
    if (backlog.size === 0) this.#runs.delete(claim);
    return value;
  }

  #next(): Claim | undefined {
    const isOldestDue = (this.#starts + 1) % OLDEST_RUN_EVERY === 0;
    let best: Claim | undefined;
    for (const claim of this.#runs.keys()) {
      if (best === undefined || (isOldestDue ? isOlder(claim, best) : isShorter(claim, best))) best = claim;
    }
    return best;
  }
}

/** What one run has waiting: repeated calls first, each kind in order of arrival. */
class Backlog<T> {
  #repeated: T[] = [];
  #fresh: T[] = [];
  #next: T | undefined;

  get size(): number {
    return this.#repeated.length + this.#fresh.length + (this.#next === undefined ? 0 : 1);
  }

  add(value: T, isRetry: boolean): void {
    (isRetry ? this.#repeated : this.#fresh).push(value);
  }

  /** What was shown stays next: a call that is turned away would come back before it again and again. */
  peek(): T | undefined {
    this.#next ??= this.#repeated.length > 0 ? this.#repeated.shift() : this.#fresh.shift();
    return this.#next;
  }

  take(): T | undefined {
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

/** What a task says when it asks p-queue for a slot. */
export interface SlotOptions {
  readonly claim: Claim;
  readonly isRetry: boolean;
  /** p-queue names every task. */
  readonly id?: string | undefined;
  readonly priority?: number;
}

/** The order of waiting tasks for p-queue: lanes and fair shares instead of its priorities. */
export class SlotQueue {
  readonly #lanes = new FairQueue<Start>();

  get size(): number {
    return this.#lanes.size;
  }

  enqueue(start: Start, options?: Partial<SlotOptions>): void {
    this.#lanes.add({ claim: options?.claim ?? OUTSIDE, isRetry: options?.isRetry ?? false, value: start });
  }

  dequeue(): Start | undefined {
    return this.#lanes.take();
  }

  /** p-queue asks for the tasks of a priority; there are none here. */
  filter(): Start[] {
    return [];
  }

  /** Waiting tasks are given up by whoever waits for them, not taken out. */
  setPriority(): void {}
  remove(): void {}
}

/** The share of tasks that belong to no run. */
const OUTSIDE: Claim = { priority: 'interactive', order: 0, answersLeft: 1 };
