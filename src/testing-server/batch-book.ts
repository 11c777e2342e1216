import type { JsonObject } from '../json/untyped-json.js';
import type { Dialect } from './dialect.js';
import type { MockRequest } from './mock-request.js';

/** How the vendors' Batch APIs behave; everything has a default, and together they end every batch at once. */
export interface MockBatchOptions {
  /** Whether the request of a row expires instead of being answered. @default none does */
  expires?: ((request: MockRequest) => boolean) | undefined;
  /** In which order rows come back. @default 'input' */
  order?: 'input' | 'reversed' | 'shuffled' | undefined;
  /** How often a batch is still running when it is looked up. @default 0 */
  polls?: number | undefined;
  /** Most requests in a batch. @default the vendor's: 100,000 at Anthropic, 50,000 at OpenAI */
  maxRequests?: number | undefined;
  /** Most bytes in a batch. @default the vendor's: 256 MB at Anthropic, 200 MB at OpenAI */
  maxBytes?: number | undefined;
}

/** A request in a batch. */
export interface BatchLine {
  id: string;
  dialect: Dialect;
  body: JsonObject;
}

/** What became of a line. */
export type BatchOutcome = { id: string } & (
  | { kind: 'replied'; status: number; requestId: string; body: JsonObject }
  | { kind: 'expired' | 'cancelled' }
);

/** A batch of either vendor. */
export interface MockBatch {
  readonly id: string;
  readonly lines: readonly BatchLine[];
  readonly createdAt: number;
  /** What else its creation said. */
  readonly details: JsonObject;
  /** How often it will still be found running. */
  pollsLeft: number;
  isCancelled: boolean;
  /** Once it has ended. */
  outcomes?: readonly BatchOutcome[];
}

/** What the server knows of batches and files. */
export interface BatchBook {
  readonly options: MockBatchOptions;
  readonly files: Map<string, string>;
  readonly batches: Map<string, MockBatch>;
  /** Gives it the next id that starts like this. */
  open(prefix: string, lines: readonly BatchLine[], details: JsonObject): MockBatch;
  reset(): void;
}

/** An empty book. */
export function createBatchBook(options: MockBatchOptions = {}): BatchBook {
  const files = new Map<string, string>();
  const batches = new Map<string, MockBatch>();
  return {
    options,
    files,
    batches,
    open: (prefix, lines, details) => {
      const id = `${prefix}${String(batches.size + 1).padStart(8, '0')}`;
      const { polls = 0 } = options;
      const batch = { id, lines, details, createdAt: Date.now(), pollsLeft: polls, isCancelled: false };
      batches.set(id, batch);
      return batch;
    },
    reset: () => {
      files.clear();
      batches.clear();
    },
  };
}
