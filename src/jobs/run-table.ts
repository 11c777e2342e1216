import { countOf, textOf } from '../json/untyped-json.js';
import type { SqlPool } from './job-engine.js';
import { sqlRows } from './sql-rows.js';

/** A run as it was enqueued. */
export interface RunRow {
  /** Absent until all of it is enqueued. */
  readonly answerCount: number | undefined;
  readonly chunkSize: number;
  /** Of all its answers; absent like the count. */
  readonly digest: string | undefined;
  readonly isCancelled: boolean;
}

/** What was enqueued. */
export interface RunTable {
  /** Remembers that a run is being enqueued, unless it is known. */
  start(runId: string, chunkSize: number): Promise<void>;
  /** Remembers that all of a run is enqueued, unless that is known. */
  finish(runId: string, answerCount: number, digest: string): Promise<void>;
  cancel(runId: string): Promise<void>;
  find(runId: string): Promise<RunRow | undefined>;
}

/** The table of runs in a schema; it must be there when it is used. */
export function runTable(pool: SqlPool, schema: string): RunTable {
  const run = `"${schema}".run`;
  return {
    async start(runId, chunkSize) {
      await sqlRows(pool, `INSERT INTO ${run} (run_id, chunk_size) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
        runId,
        chunkSize,
      ]);
    },
    async finish(runId, answerCount, digest) {
      await sqlRows(pool, `UPDATE ${run} SET answer_count = $2, digest = $3 WHERE run_id = $1 AND digest IS NULL`, [
        runId,
        answerCount,
        digest,
      ]);
    },
    async cancel(runId) {
      await sqlRows(pool, `UPDATE ${run} SET cancelled_at = coalesce(cancelled_at, now()) WHERE run_id = $1`, [runId]);
    },
    async find(runId) {
      const [row] = await sqlRows(pool, `SELECT * FROM ${run} WHERE run_id = $1`, [runId]);
      if (row === undefined) return undefined;
      return {
        answerCount: countOf(row['answer_count']),
        chunkSize: countOf(row['chunk_size']) ?? 0,
        digest: textOf(row['digest']),
        isCancelled: row['cancelled_at'] !== null,
      };
    },
  };
}
