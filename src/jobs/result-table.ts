import { countOf, type JsonObject } from '../json/untyped-json.js';
import type { GradingResult } from '../contract/result.js';
import type { SqlPool } from './job-engine.js';
import { sqlRows } from './sql-rows.js';

/** One answer's row. */
export interface ResultRow {
  readonly runId: string;
  /** Position of the answer in the run. */
  readonly index: number;
  /** Everything that decides the grade. */
  readonly gradeKey: string;
  /** The run asks no more about this answer. */
  readonly isSettled: boolean;
  /** Other runs may take it over. */
  readonly isReusable: boolean;
  readonly result: GradingResult;
}

/** Positions from `first`, `count` of them. */
interface AnswerRange {
  readonly first: number;
  readonly count: number;
}

/** What workers do with results. Every statement stands alone: nothing is held open across model calls. */
interface WorkerResults {
  /** Stores a result under its run and position; a settled one with the same key stays as it is. */
  save(row: ResultRow): Promise<void>;
  /** The positions, out of a chunk's, that have a settled row with the wanted key. */
  settledIn(runId: string, first: number, gradeKeys: readonly string[]): Promise<ReadonlySet<number>>;
  /** Grades of any run by key. */
  reusable(gradeKeys: readonly string[]): Promise<ReadonlyMap<string, GradingResult>>;
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
export type ResultTable = WorkerResults & ReportResults;

/** The table of results in a schema; it must be there when it is used. */
export function resultTable(pool: SqlPool, schema: string): ResultTable {
  const table = `"${schema}".result`;
  return { ...workerResults(pool, table), ...reportResults(pool, table) };
}

function workerResults(pool: SqlPool, table: string): WorkerResults {
  return {
    async save({ runId, index, gradeKey, isSettled, isReusable, result }) {
      await sqlRows(
        pool,
        `INSERT INTO ${table} AS old (run_id, answer_index, grade_key, status, settled, reusable, result)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (run_id, answer_index) DO UPDATE SET grade_key = excluded.grade_key, status = excluded.status,
           settled = excluded.settled, reusable = excluded.reusable, result = excluded.result, stored_at = now()
         WHERE NOT old.settled OR old.grade_key <> excluded.grade_key`,
        [runId, index, gradeKey, result.status, isSettled, isReusable, JSON.stringify(result)],
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
      const [row] = await sqlRows(
        pool,
        `SELECT count(*) FILTER (WHERE status = 'graded')::integer AS graded,
           count(*) FILTER (WHERE status = 'failed' AND settled)::integer AS failed FROM ${table} WHERE run_id = $1`,
        [runId],
      );
      return { graded: countOf(row?.['graded']) ?? 0, failed: countOf(row?.['failed']) ?? 0 };
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
