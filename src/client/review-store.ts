import type { ReviewClient, ReviewSnapshot } from './review-client-options.js';

/** Most calls in flight for one submission, unless set. */
export const DEFAULT_CONCURRENCY_LIMIT = 5;

/** What a submission that has just begun has come to. */
export const NOTHING_YET = {
  mode: undefined,
  completed: 0,
  results: [],
  events: [],
  fallbacks: [],
  metrics: undefined,
  error: undefined,
} as const;

/** Holds the snapshot of a client. */
export interface ReviewStore extends Pick<ReviewClient, 'getSnapshot' | 'subscribe'> {
  /** Replaces the snapshot and tells the listeners. */
  change(changes: Partial<ReviewSnapshot>): void;
}

/** Makes a store that has seen no submission. */
export function reviewStore(): ReviewStore {
  const listeners = new Set<() => void>();
  let snapshot: ReviewSnapshot = {
    status: 'idle',
    config: { processingMode: 'auto', maxConcurrentTasks: DEFAULT_CONCURRENCY_LIMIT },
    total: 0,
    ...NOTHING_YET,
  };
  return {
    getSnapshot: () => snapshot,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    change: (changes) => {
      snapshot = { ...snapshot, ...changes };
      for (const listener of listeners) listener();
    },
  };
}
