import type { GradedAnswer } from '../contract/result.js';
import { isJsonObject } from '../json/untyped-json.js';
import type { WireMetrics } from '../wire/review-wire.js';
import type { HandlerSettings } from './resolve-handler-options.js';

/** How long grades are remembered, in milliseconds: a day. */
const RECORD_TTL_MS = 86_400_000;

/** What is remembered of one answer. */
interface RecordedAnswer {
  /** A digest: the text itself is not kept. */
  answer: string;
  result: GradedAnswer;
  isSaved: boolean;
}

/** What is remembered under an idempotency key: plain data, for a store outside the process. */
export interface ReviewRecord {
  /** Of the last run, as they went out. */
  metrics?: WireMetrics;
  /** By the index of the question. */
  answers: Readonly<Record<string, RecordedAnswer>>;
}

/** Reads what is remembered; a store that fails remembers nothing. */
export async function readRecord({ store, onError }: HandlerSettings, key: string): Promise<ReviewRecord> {
  try {
    const record = await store.get(key);
    // Written by writeRecord().
    if (isJsonObject(record) && isJsonObject(record['answers'])) return record as unknown as ReviewRecord;
  } catch (error) {
    onError(error);
  }
  return { answers: {} };
}

/** Writes it down; a store that fails costs no learner a grade. */
export async function writeRecord(
  { store, onError }: HandlerSettings,
  key: string,
  record: ReviewRecord,
): Promise<void> {
  try {
    await store.set(key, record, RECORD_TTL_MS);
  } catch (error) {
    onError(error);
  }
}

/** A key that neither learners nor sessions share, of a length that every store takes. */
export function recordKey(...parts: readonly (string | undefined)[]): Promise<string> {
  return digest(JSON.stringify(['gradelanes', 1, ...parts]));
}

/** SHA-256 in hexadecimal. */
export async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
