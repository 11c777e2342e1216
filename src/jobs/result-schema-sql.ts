/**
 * What our tables are made of, in one statement that may run any number of times and in several processes at once: a lock
 * keeps them apart, since `IF NOT EXISTS` alone does not. Results are texts, since `jsonb` refuses what learners may send.
 * Every column that was added later has a line of its own, so that tables of an earlier version gain it.
 */
export function resultSchemaSql(schema: string): string {
  return `
    DO $$ BEGIN
      IF to_regclass('"${schema}".worker_trouble') IS NOT NULL THEN RETURN; END IF;
      PERFORM pg_advisory_xact_lock(hashtext('gradelanes.${schema}'));
      IF to_regclass('"${schema}".worker_trouble') IS NOT NULL THEN RETURN; END IF;
      CREATE SCHEMA IF NOT EXISTS "${schema}";
      CREATE TABLE IF NOT EXISTS "${schema}".run (
        run_id text PRIMARY KEY,
        chunk_size integer NOT NULL,
        answer_count integer,
        digest text,
        created_at timestamptz NOT NULL DEFAULT now(),
        cancelled_at timestamptz
      );
      ALTER TABLE "${schema}".run
        ADD COLUMN IF NOT EXISTS round integer NOT NULL DEFAULT 0,
        ADD COLUMN IF NOT EXISTS enqueued_round integer,
        ADD COLUMN IF NOT EXISTS deadline timestamptz NOT NULL DEFAULT now() + interval '7 days';
      CREATE TABLE IF NOT EXISTS "${schema}".result (
        run_id text NOT NULL REFERENCES "${schema}".run ON DELETE CASCADE,
        answer_index integer NOT NULL,
        grade_key text NOT NULL,
        status text NOT NULL,
        settled boolean NOT NULL,
        reusable boolean NOT NULL,
        result text NOT NULL,
        stored_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (run_id, answer_index)
      );
      CREATE INDEX IF NOT EXISTS result_grade_key ON "${schema}".result (grade_key) WHERE reusable;
      CREATE INDEX IF NOT EXISTS result_progress ON "${schema}".result (run_id, status) WHERE settled;
      CREATE TABLE "${schema}".worker_trouble (
        queue text NOT NULL,
        worker_id text NOT NULL,
        code text NOT NULL,
        since timestamptz NOT NULL DEFAULT now(),
        next_try_at timestamptz NOT NULL,
        PRIMARY KEY (queue, worker_id)
      );
    END $$`;
}

/**
 * Writes to every table and takes it back, all in one statement: a role that may not write, or a server that is only a
 * copy, is found before the first paid call.
 */
export function writeProbeSql(schema: string): string {
  return `
    DO $$ BEGIN
      INSERT INTO "${schema}".run (run_id, chunk_size) VALUES ('gradelanes write probe', 1)
        ON CONFLICT (run_id) DO UPDATE SET chunk_size = excluded.chunk_size;
      INSERT INTO "${schema}".result (run_id, answer_index, grade_key, status, settled, reusable, result)
        VALUES ('gradelanes write probe', 0, '', '', false, false, '')
        ON CONFLICT (run_id, answer_index) DO UPDATE SET result = excluded.result;
      INSERT INTO "${schema}".worker_trouble (queue, worker_id, code, next_try_at)
        VALUES ('gradelanes write probe', '', '', now())
        ON CONFLICT (queue, worker_id) DO UPDATE SET next_try_at = now();
      DELETE FROM "${schema}".worker_trouble WHERE queue = 'gradelanes write probe';
      RAISE EXCEPTION USING ERRCODE = 'GL000';
    EXCEPTION WHEN SQLSTATE 'GL000' THEN NULL;
    END $$`;
}
