import { objectOf, type JsonObject } from '../json/untyped-json.js';
import type { SqlPool } from './job-engine.js';

/** Time-out of a statement, in milliseconds: a connection whose other side is gone without a word answers never. */
const STATEMENT_TIMEOUT_MS = 20_000;

/** The rows of a statement; columns may be anything. */
export async function sqlRows(pool: SqlPool, text: string, values: unknown[]): Promise<readonly JsonObject[]> {
  const { rows } = await pool.query({ text, values, query_timeout: STATEMENT_TIMEOUT_MS });
  return rows.map(objectOf);
}

/** A column with a time zone, as `pg` or a pool with a parser of its own gives it. */
export function dateIn(row: JsonObject, column: string): Date {
  const value = row[column];
  return value instanceof Date ? value : new Date(String(value));
}
