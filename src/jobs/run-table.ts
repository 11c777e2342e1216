import { countOf, textOf } from '../json/untyped-json.js';
import type { SqlPool } from './job-engine.js';
import { dateIn, sqlRows } from './sql-rows.js';

/** A run as it was enqueued. */
export interface RunRow {
  /** Absent until all of it was enqueued once. */
  readonly answerCount: number | undefined;
  readonly chunkSize: number;
  /** Of all its answers; absent like the count. */
  readonly digest: string | undefined;
  /** How often the run was resumed: jobs of earlier rounds are void. */
  readonly round: number;
  /** All chunks of the round are with the engine. */
  readonly isEnqueued: boolean;
  readonly isCancelled: boolean;
  readonly deadline: Date;
  /** By the clock of the database, the only one that all workers share. */
  readonly isPastDeadline: boolean;
}

/** What was enqueued. */
export interface RunTable {
  /** Remembers that a run is being enqueued, unless it is known; resolves with whether it was new. */
  start(runId: string, chunkSize: number, deadlineSeconds: number): Promise<boolean>;
  /** Remembers that all of a run's round is enqueued; the count and the digest stay as they were first. */
  finish(runId: string, round: number, answerCount: number, digest: string): Promise<void>;
  /** Begins a new round: no longer cancelled, with a new deadline. */
  resume(runId: string, deadlineSeconds: number): Promise<void>;
  /** Moves the deadline. */
  extend(runId: string, deadlineSeconds: number): Promise<void>;
  cancel(runId: string): Promise<void>;
  find(runId: string): Promise<RunRow | undefined>;
}

/** The table of runs in a schema; it must be there when it is used. */
export function runTable(pool: SqlPool, schema: string): RunTable {
  const run = `"${schema}".run`;
  const change = async (set: string, runId: string, ...values: readonly unknown[]): Promise<void> =>
    void (await sqlRows(pool, `UPDATE ${run} SET ${set} WHERE run_id = $1`, [runId, ...values]));
  return {
    async start(runId, chunkSize, deadlineSeconds) {
      const rows = await sqlRows(
        pool,
        `INSERT INTO ${run} (run_id, chunk_size, deadline) VALUES ($1, $2, ${inSeconds('$3')})
         ON CONFLICT DO NOTHING RETURNING run_id`,
        [runId, chunkSize, deadlineSeconds],
      );
      return rows.length > 0;
    },
    finish: (runId, round, answerCount, digest) =>
      change(
        `answer_count = coalesce(answer_count, $3), digest = coalesce(digest, $4),
         enqueued_round = greatest(enqueued_round, $2)`,
        runId,
        round,
        answerCount,
        digest,
      ),
    resume: (runId, deadlineSeconds) =>
      change(`cancelled_at = NULL, round = round + 1, deadline = ${inSeconds('$2')}`, runId, deadlineSeconds),
    extend: (runId, deadlineSeconds) => change(`deadline = ${inSeconds('$2')}`, runId, deadlineSeconds),
    cancel: (runId) => change('cancelled_at = coalesce(cancelled_at, now())', runId),
    async find(runId) {
      const [row] = await sqlRows(
        pool,
        `SELECT *, deadline <= now() AS is_past, cancelled_at IS NOT NULL AS is_cancelled FROM ${run} WHERE run_id = $1`,
        [runId],
      );
      if (row === undefined) return undefined;
      const round = countOf(row['round']) ?? 0;
      return {
        answerCount: countOf(row['answer_count']),
        chunkSize: countOf(row['chunk_size']) ?? 0,
        digest: textOf(row['digest']),
        round,
        isEnqueued: row['enqueued_round'] === round,
        isCancelled: row['is_cancelled'] === true,
        deadline: dateIn(row, 'deadline'),
        isPastDeadline: row['is_past'] === true,
      };
    },
  };
}

function inSeconds(parameter: string): string {
  return `now() + ${parameter}::integer * interval '1 second'`;
}
