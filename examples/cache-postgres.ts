// A cache of grades in PostgreSQL: what was graded before, by any process, costs no call. Runs on a server of its own;
// with DATABASE_URL set, on yours.
import { createGrader, type GradeCache } from 'gradelanes';
import { mockLLM } from 'gradelanes/testing';
import { Pool } from 'pg';
import { startPostgres } from './bulk/start-postgres.ts';

/** A cache is two functions. Rows may go at any time: a missing one costs a call, and one that was tampered with too. */
export function postgresCache(pool: Pool): GradeCache {
  return {
    get: async (key) => {
      const { rows } = await pool.query<{ value: string }>(
        'SELECT value FROM grade_cache WHERE key = $1 AND (forget_at IS NULL OR forget_at > now())',
        [key],
      );
      return rows[0]?.value;
    },
    set: (key: string, value: string, ttlMs?: number) =>
      pool.query(
        `INSERT INTO grade_cache (key, value, forget_at) VALUES ($1, $2, now() + $3 * interval '1 millisecond')
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, forget_at = excluded.forget_at`,
        [key, value, ttlMs ?? null],
      ),
  };
}

const url = process.env['DATABASE_URL'];
const own = url === undefined ? await startPostgres() : undefined;
const pool = new Pool({ connectionString: url ?? own?.connectionString });
// An idle connection that the server ends is no fault of a run: the pool makes a new one.
pool.on('error', () => {});
// Grades quote learners in their feedback: the table is personal data.
await pool.query(
  'CREATE TABLE IF NOT EXISTS grade_cache (key text PRIMARY KEY, value text NOT NULL, forget_at timestamptz)',
);

// The fingerprint says which model it is, so that another process finds its grades.
const provider = { ...mockLLM(0.8), fingerprint: 'mock-2026-12' };
const grader = createGrader({ provider, cache: { store: postgresCache(pool), ttlMs: 30 * 24 * 3_600_000 } });
const question = { prompt: 'Why does ice float?' };
const answers = ['less dense', 'it is cold', 'because of air'].map((answer) => ({ question, answer }));
for (const evening of ['first', 'second']) {
  const { metrics } = await grader.gradeAnswersWithFallback(answers);
  console.log(`${evening} evening: ${metrics.requests} calls, ${metrics.cachedCount} grades from the cache`);
}
await grader.close();
await pool.end();
await own?.stop();
