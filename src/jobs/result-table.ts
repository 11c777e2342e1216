import { countOf, type JsonObject } from '../json/untyped-json.js';
import type { GradingResult } from '../contract/result.js';
import type { SqlPool } from './job-engine.js';
import type { ResultStore } from './result-store.js';
import { sqlRows } from './sql-rows.js';

/** Positions from `first`, `count` of them. */
interface AnswerRange {
  readonly first: number;
  readonly count: number;
}

/** What reports read of results. */
interface ReportResults {
  /** How many rows of the run are graded, and how many failed for good. */
  counts(runId: string): Promise<{ graded: number; failed: number }>;
  /** How many of the answers in the ranges have a settled row. */
  settledCount(runId: string, ranges: readonly AnswerRange[]): Promise<number>;
  /** Results from position `from` on, at most `limit` of them, in order. */
  page(runId: string, from: number, limit: number): Promise<readonly GradingResult[]>;
}

/** Results in PostgreSQL. */
export type ResultTable = ResultStore & ReportResults;

/** The table of results in a schema; it must be there when it is used. */
export function resultTable(pool: SqlPool, schema: string): ResultTable {
  const table = `"${schema}".result`;
  return { ...workerResults(pool, table), ...reportResults(pool, table) };
}

function workerResults(pool: SqlPool, table: string): ResultStore {
  return {
    async save(rows) {
      // In one order everywhere, so that workers that store the same rows never wait for each other in a circle.
      const sorted = rows.toSorted((a, b) => (a.runId === b.runId ? a.index - b.index : a.runId < b.runId ? -1 : 1));
      await sqlRows(
        pool,
        `INSERT INTO ${table} AS old (run_id, answer_index, grade_key, status, settled, reusable, result)
         SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::text[])
         ON CONFLICT (run_id, answer_index) DO UPDATE SET grade_key = excluded.grade_key, status = excluded.status,
           settled = excluded.settled, reusable = excluded.reusable, result = excluded.result, stored_at = now()
         WHERE NOT old.settled OR old.grade_key <> excluded.grade_key`,
        [
          sorted.map(({ runId }) => runId),
          sorted.map(({ index }) => index),
          sorted.map(({ gradeKey }) => gradeKey),
          sorted.map(({ result }) => result.status),
          sorted.map(({ isSettled }) => isSettled),
          sorted.map(({ isReusable }) => isReusable),
          sorted.map(({ result }) => JSON.stringify(result)),
        ],
      );
    },
    async settledIn(runId, first, gradeKeys) {
      const rows = await sqlRows(
        pool,
        `SELECT r.answer_index FROM unnest($3::text[]) WITH ORDINALITY AS wanted (grade_key, position)
         JOIN ${table} r ON r.run_id = $1 AND r.answer_index = $2::integer + wanted.position - 1
           AND r.grade_key = wanted.grade_key AND r.settled`,
        [runId, first, gradeKeys],
      );
      return new Set(rows.map((row) => Number(row['answer_index'])));
    },
    async reusable(gradeKeys) {
      const rows = await sqlRows(
        pool,
        `SELECT DISTINCT ON (grade_key) grade_key, result FROM ${table}
         WHERE grade_key = ANY($1::text[]) AND reusable ORDER BY grade_key, stored_at DESC`,
        [gradeKeys],
      );
      return new Map(rows.map((row) => [String(row['grade_key']), resultOf(row)]));
    },
  };
}

function reportResults(pool: SqlPool, table: string): ReportResults {
  return {
    async counts(runId) {
      const rows = await sqlRows(
        pool,
        `SELECT status, count(*)::integer AS count FROM ${table} WHERE run_id = $1 AND settled GROUP BY status`,
        [runId],
      );
      const countWith = (status: string): number =>
        countOf(rows.find((row) => row['status'] === status)?.['count']) ?? 0;
      return { graded: countWith('graded'), failed: countWith('failed') };
    },
    async settledCount(runId, ranges) {
      const [row] = await sqlRows(
        pool,
        `SELECT count(*)::integer AS settled FROM unnest($2::integer[], $3::integer[]) AS range (first, size)
         JOIN ${table} r ON r.run_id = $1 AND r.settled
           AND r.answer_index >= range.first AND r.answer_index < range.first + range.size`,
        [runId, ranges.map(({ first }) => first), ranges.map(({ count }) => count)],
      );
      return countOf(row?.['settled']) ?? 0;
    },
    async page(runId, from, limit) {
      const rows = await sqlRows(
        pool,
        `SELECT result FROM ${table} WHERE run_id = $1 AND answer_index >= $2 ORDER BY answer_index LIMIT $3`,
        [runId, from, limit],
      );
      return rows.map(resultOf);
    },
  };
}

/** Only {@link ResultTable.save} writes the column. */
function resultOf(row: JsonObject): GradingResult {
  return JSON.parse(String(row['result'])) as GradingResult;
}
