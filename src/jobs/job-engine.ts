/** One of the engine's jobs, as far as it is read here. `data` is whatever was sent. */
export interface EngineJob {
  readonly id: string;
  readonly data: unknown;
  /** Tells the attempts of a job apart. */
  readonly retryCount: number;
  /** How long a worker may be silent. */
  readonly heartbeatSeconds: number | null;
  /** Aborts when the job is no longer this worker's. */
  readonly signal: AbortSignal;
}

/** A job that failed for good, as the engine keeps it. */
export interface EngineDeadJob {
  readonly data: unknown;
  readonly createdOn: Date;
  /** What the last attempt failed with. */
  readonly sourceOutput: object | null;
}

/** A job as it is handed to the engine. */
export interface EngineJobInsert {
  readonly id: string;
  readonly data: object;
  readonly priority: number;
  readonly retryLimit: number;
  readonly retryDelay: number;
  readonly retryBackoff: boolean;
  readonly retryDelayMax: number;
  readonly expireInSeconds: number;
  readonly heartbeatSeconds: number;
  readonly deadLetter: string;
}

/** How the engine's workers look for jobs. */
export interface EngineWorkOptions {
  readonly batchSize: number;
  readonly localConcurrency: number;
  readonly pollingIntervalSeconds: number;
  readonly minPriority?: number;
}

/**
 * The part of a started `PgBoss` of `pg-boss` 12 that is used. Give it short intervals, since they decide how soon a lost
 * worker's answers go on elsewhere: `new PgBoss({ connectionString, monitorIntervalSeconds: 5, superviseIntervalSeconds: 5 })`.
 */
export interface JobEngine {
  createQueue(name: string, options?: { deadLetter?: string }): Promise<void>;
  insert(name: string, jobs: EngineJobInsert[]): Promise<string[] | null>;
  work(name: string, options: EngineWorkOptions, handler: (jobs: EngineJob[]) => Promise<unknown>): Promise<string>;
  offWork(name: string, options: { id: string; wait: boolean }): Promise<void>;
  touch(name: string, job: { id: string; retryCount: number }): Promise<object>;
  cancel(name: string, ids: string[]): Promise<object>;
  findJobs(
    name: string,
    options: { data: object; limit: number; after?: string },
  ): Promise<(EngineDeadJob & { id: string })[]>;
}

/** The part of a `Pool` of `pg` that is used. */
export interface SqlPool {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** Where bulk grading lives: the same for those who enqueue, work and collect. */
export interface GradingQueue {
  /** A `PgBoss` that has been started, which also created or migrated its schema. */
  boss: JobEngine;
  /** A `Pool` of `pg`, on any database that all sides share: runs and results are kept there. */
  pool: SqlPool;
  /** The engine's queue. Its dead letters are in `<queue>_dead`. @default 'gradelanes' */
  queue?: string | undefined;
  /** PostgreSQL schema of the tables `run`, `result` and `rate_limit`; made where it is missing. @default 'gradelanes' */
  schema?: string | undefined;
}
