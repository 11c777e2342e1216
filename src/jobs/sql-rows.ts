import { objectOf, type JsonObject } from '../json/untyped-json.js';
import type { SqlPool } from './job-engine.js';

/** The rows of a statement; columns may be anything. */
export async function sqlRows(pool: SqlPool, text: string, values: unknown[]): Promise<readonly JsonObject[]> {
  const { rows } = await pool.query(text, values);
  return rows.map(objectOf);
}
