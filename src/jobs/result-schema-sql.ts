/**
 * What our tables are made of, in one statement that may run any number of times and in several processes at once: a lock
 * keeps them apart, since `IF NOT EXISTS` alone does not. Results are texts, since `jsonb` refuses what learners may send.
 */
export function resultSchemaSql(schema: string): string {
  return `
    DO $$ BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('gradelanes.${schema}'));
      IF to_regclass('"${schema}".result') IS NOT NULL THEN RETURN; END IF;
      CREATE SCHEMA IF NOT EXISTS "${schema}";
      CREATE TABLE "${schema}".run (
        run_id text PRIMARY KEY,
        chunk_size integer NOT NULL,
        answer_count integer,
        digest text,
        created_at timestamptz NOT NULL DEFAULT now(),
        cancelled_at timestamptz
      );
      CREATE TABLE "${schema}".result (
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
      CREATE INDEX result_grade_key ON "${schema}".result (grade_key) WHERE reusable;
    END $$`;
}
