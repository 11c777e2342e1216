import { StopSignal } from '../async/stop-signal.js';
import { inTime } from '../async/waiting.js';
import type { Clock } from '../contract/clock.js';
import type { GradedAnswer } from '../contract/result.js';
import { isJsonObject } from '../json/untyped-json.js';
import type { WireMetrics } from '../wire/review-wire.js';
import type { IdempotencyStore } from './review-handler-options.js';

/** Grades are remembered for so long, in milliseconds: a day. */
const RECORD_TTL_MS = 86_400_000;

/** A store that takes longer has failed, in milliseconds; the engine gives a cache as much. */
const STORE_TIMEOUT_MS = 1_000;

/** One learner's records in memory; the one written longest ago goes first. */
const MAX_RECORDS_OF_ONE = 50;

/** All records in memory; beyond them the learner with most of them loses the oldest. */
const MAX_RECORDS = 1_000;

/** What is remembered of one answer. */
export interface RecordedAnswer {
  /** A digest: the text itself is not kept. */
  answer: string;
  result: GradedAnswer;
  isSaved: boolean;
  /** Since the Unix epoch, in milliseconds. */
  gradedAt: number;
}

/** What is remembered under an idempotency key: plain data, for a store outside the process. */
export interface ReviewRecord {
  /** Of the last run, as they went out. */
  metrics?: WireMetrics;
  /** By the index of the question. */
  answers: Readonly<Record<string, RecordedAnswer>>;
}

/** Where records are kept, by their owner. Never rejects: a store that fails or hangs remembers nothing. */
export interface ReviewRecords {
  read(owner: string, key: string): Promise<ReviewRecord>;
  write(owner: string, key: string, record: ReviewRecord): Promise<void>;
}

/** Records in a store of the user's. */
export function recordsIn(store: IdempotencyStore, clock: Clock, onError: (error: unknown) => void): ReviewRecords {
  const attempt = async (work: () => unknown): Promise<unknown> => {
    try {
      return await inTime(Promise.resolve(work()), STORE_TIMEOUT_MS, clock, new StopSignal());
    } catch (error) {
      onError(error);
      return undefined;
    }
  };
  return {
    read: async (_, key) => {
      const record = await attempt(() => store.get(key));
      // Written below.
      const isRecord = isJsonObject(record) && isJsonObject(record['answers']);
      return isRecord ? (record as unknown as ReviewRecord) : { answers: {} };
    },
    write: async (_, key, record) => void (await attempt(() => store.set(key, record, RECORD_TTL_MS))),
  };
}

/** Records in memory, bounded for each learner, so that nobody pushes out what others may send again. */
export function recordsInMemory(clock: Clock): ReviewRecords {
  const owners = new Map<string, Map<string, { record: ReviewRecord; endsAtMs: number }>>();
  let count = 0;
  const dropOldest = (owner: string): void => {
    const records = owners.get(owner);
    const [oldest] = records?.keys() ?? [];
    if (oldest !== undefined && records?.delete(oldest) === true) count -= 1;
    if (records?.size === 0) owners.delete(owner);
  };
  return {
    read: async (owner, key) => {
      const entry = owners.get(owner)?.get(key);
      return entry === undefined || entry.endsAtMs <= clock.now() ? { answers: {} } : entry.record;
    },
    write: async (owner, key, record) => {
      const records = owners.get(owner) ?? new Map<string, { record: ReviewRecord; endsAtMs: number }>();
      owners.set(owner, records);
      if (!records.delete(key)) count += 1;
      records.set(key, { record, endsAtMs: clock.now() + RECORD_TTL_MS });
      if (records.size > MAX_RECORDS_OF_ONE) dropOldest(owner);
      if (count > MAX_RECORDS) dropOldest(ownerOfMost(owners));
    },
  };
}

function ownerOfMost(owners: ReadonlyMap<string, ReadonlyMap<string, unknown>>): string {
  let most = { owner: '', size: 0 };
  for (const [owner, { size }] of owners) if (size > most.size) most = { owner, size };
  return most.owner;
}
