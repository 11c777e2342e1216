/** One of the engine's jobs, as far as it is read here. `data` is whatever was sent. */
export interface EngineJob {
  readonly id: string;
  readonly data: unknown;
  /** Tells the attempts of a job apart. */
  readonly retryCount: number;
  /** How long a worker may be silent. */
  readonly heartbeatSeconds: number | null;
}

/** An attempt of a job: calls that name it do nothing once the job is another worker's. */
export type EngineAttempt = Pick<EngineJob, 'id' | 'retryCount'>;

/** A job that failed for good, as the engine keeps it. */
export interface EngineDeadJob {
  readonly id: string;
  readonly data: unknown;
  readonly createdOn: Date;
  /** What the last attempt failed with. */
  readonly sourceOutput: object | null;
}

/** How the engine treats a job. */
export interface EngineJobSettings {
  readonly retryLimit: number;
  readonly retryDelay: number;
  readonly retryBackoff: boolean;
  readonly retryDelayMax: number;
  readonly expireInSeconds: number;
  readonly retentionSeconds: number;
  readonly heartbeatSeconds: number;
  readonly deadLetter: string;
}

/** A job as it is handed to the engine. */
export interface EngineJobInsert extends Partial<EngineJobSettings> {
  readonly id: string;
  readonly data: object;
  readonly priority?: number;
}

/** Which jobs a worker takes. */
export interface EngineFetchOptions {
  readonly batchSize: number;
  readonly minPriority?: number;
}

/**
 * The part of a started `PgBoss` of `pg-boss` 12 that is used. Give it short intervals, since they decide how soon a lost
 * worker's answers go on elsewhere: `new PgBoss({ connectionString, monitorIntervalSeconds: 5, superviseIntervalSeconds: 5 })`.
 */
export interface JobEngine {
  createQueue(name: string, options?: Partial<EngineJobSettings>): Promise<void>;
  insert(name: string, jobs: EngineJobInsert[]): Promise<string[] | null>;
  fetch(name: string, options: EngineFetchOptions & { includeMetadata: true }): Promise<EngineFetched[]>;
  complete(name: string, job: EngineAttempt): Promise<object>;
  fail(name: string, job: EngineAttempt, reason: object): Promise<object>;
  touch(name: string, job: EngineAttempt): Promise<object>;
  cancel(name: string, ids: string[]): Promise<object>;
  redrive(name: string, options: { data: object; destination: string; limit: number }): Promise<number>;
  findJobs(name: string, options: { data: object; limit: number; after?: string }): Promise<EngineDeadJob[]>;
}

/** A job that was fetched, with the settings that a successor takes over. */
export type EngineFetched = EngineJob & {
  readonly priority: number;
  readonly retryLimit: number;
  readonly retryDelay: number;
};

/** The part of a `Pool` of `pg` that is used. */
export interface SqlPool {
  query(statement: SqlStatement): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** A statement of `pg`, with its own time-out in milliseconds. */
export interface SqlStatement {
  readonly text: string;
  readonly values?: unknown[];
  readonly query_timeout?: number;
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
