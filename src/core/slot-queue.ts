import { LaneQueue, type RunShare } from './lane-queue.js';

type Start = () => Promise<unknown>;

/** What a task says when it asks p-queue for a slot. */
export interface SlotOptions {
  readonly share: RunShare;
  readonly isRetry: boolean;
  /** p-queue names every task. */
  readonly id?: string | undefined;
  readonly priority?: number;
}

/** The order of waiting tasks for p-queue: lanes and fair shares instead of its priorities. */
export class SlotQueue {
  readonly #lanes = new LaneQueue<Start>();

  get size(): number {
    return this.#lanes.size;
  }

  enqueue(start: Start, options?: Partial<SlotOptions>): void {
    this.#lanes.add({ share: options?.share ?? OUTSIDE, isRetry: options?.isRetry ?? false, value: start });
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
const OUTSIDE: RunShare = { priority: 'interactive', order: 0, answersLeft: 1 };
