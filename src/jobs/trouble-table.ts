import type { FailureCode } from '../contract/failure.js';
import { countOf } from '../json/untyped-json.js';
import type { SqlPool } from './job-engine.js';
import { dateIn, sqlRows } from './sql-rows.js';

/** A record that its worker did not renew for so long after its next try is of a worker that is gone. */
const FORGOTTEN_AFTER = `interval '5 minutes'`;

/** Why workers of a queue wait before they take more chunks. */
export interface WorkerTrouble {
  /** What their last chunk ended with. */
  code: FailureCode;
  /** When the first of these workers began to wait, by the clock of the database. */
  since: Date;
  /** When the next one of them tries again. */
  nextTryAt: Date;
  /** How many workers wait for this reason. */
  workers: number;
}

/** Which workers of a queue wait, and why. */
export interface TroubleTable {
  /** Remembers that a worker waits so long, in milliseconds; since when stays as it was first. */
  report(queue: string, workerId: string, code: FailureCode, waitMs: number): Promise<void>;
  clear(queue: string, workerId: string): Promise<void>;
  of(queue: string): Promise<readonly WorkerTrouble[]>;
}

/** The table of waiting workers in a schema; it must be there when it is used. */
export function troubleTable(pool: SqlPool, schema: string): TroubleTable {
  const table = `"${schema}".worker_trouble`;
  return {
    async report(queue, workerId, code, waitMs) {
      await sqlRows(
        pool,
        `INSERT INTO ${table} (queue, worker_id, code, next_try_at)
         VALUES ($1, $2, $3, now() + $4::integer * interval '1 millisecond')
         ON CONFLICT (queue, worker_id) DO UPDATE SET code = excluded.code, next_try_at = excluded.next_try_at`,
        [queue, workerId, code, Math.ceil(waitMs)],
      );
    },
    async clear(queue, workerId) {
      await sqlRows(
        pool,
        `DELETE FROM ${table} WHERE queue = $1 AND (worker_id = $2 OR next_try_at < now() - ${FORGOTTEN_AFTER})`,
        [queue, workerId],
      );
    },
    async of(queue) {
      const rows = await sqlRows(
        pool,
        `SELECT code, min(since) AS since, min(next_try_at) AS next_try_at, count(*)::integer AS workers FROM ${table}
         WHERE queue = $1 AND next_try_at >= now() - ${FORGOTTEN_AFTER} GROUP BY code ORDER BY since, code`,
        [queue],
      );
      return rows.map((row) => ({
        // Only `report` writes the column.
        code: String(row['code']) as FailureCode,
        since: dateIn(row, 'since'),
        nextTryAt: dateIn(row, 'next_try_at'),
        workers: countOf(row['workers']) ?? 0,
      }));
    },
  };
}
