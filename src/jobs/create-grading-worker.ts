import { randomUUID } from 'node:crypto';
import { systemClock } from '../contract/clock.js';
import type { ConcurrencyController } from '../contract/controller.js';
import type { GradingOptions } from '../contract/grading-options.js';
import { createConcurrencyController } from '../engine/limits/create-controller.js';
import { someObject, type OptionRule } from '../input/option-rules.js';
import { createChunkGrader } from './create-chunk-grader.js';
import { globalLimiter, type GlobalLimits } from './global-limiter.js';
import type { GradingQueue } from './job-engine.js';
import { openQueue, prepareQueue, QUEUE_RULES, type OpenQueue } from './open-queue.js';
import type { OwnOption } from './own-options.js';
import { takeJobs } from './take-jobs.js';
import { wait } from './wait.js';
import { workOnJob } from './work-on-job.js';
import { WorkerRest, type RestListener } from './worker-rest.js';

/** Chunks in the works at once: while the last answers of one are in flight, the next one fills the slots. */
export const DEFAULT_CONCURRENT_CHUNKS = 2;

/** How long `close()` lets chunks finish, in milliseconds. */
export const DEFAULT_WORKER_GRACE_MS = 30_000;

/** Options of {@link createGradingWorker}. */
export interface GradingWorkerOptions extends GradingQueue {
  /**
   * How answers are graded. Every provider needs a `fingerprint`, as those of this package have; all workers of a queue
   * should have the same options.
   */
  grading: Omit<GradingOptions, OwnOption>;
  /** Most calls of this worker in flight: any integer of at least 1. @default 5 */
  maxConcurrentTasks?: number | undefined;
  /** Limits of all workers together; needs `rate-limiter-flexible`. @default none but what each worker learns */
  limits?: GlobalLimits | undefined;
  /** Chunks in the works at once; one more is only for interactive ones. @default 2 */
  concurrentChunks?: number | undefined;
}

/** A worker that grades what is enqueued until it is closed. */
export interface GradingWorker {
  /** Its slots: `snapshot()` tells what is in flight. */
  readonly controller: ConcurrencyController;
  /**
   * Takes no new chunks, waits for the ones in the works, at most `graceMs` (default 30 s), then aborts them: the engine
   * hands them to others. Closes neither `boss` nor `pool`.
   */
  close(options?: { graceMs?: number | undefined }): Promise<void>;
}

const positive: OptionRule = {
  rule: 'must be an integer of at least 1',
  holds: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 1,
};

const WORKER_RULES: { readonly [Name in keyof GradingWorkerOptions]-?: OptionRule } = {
  ...QUEUE_RULES,
  grading: { ...someObject, isRequired: true },
  maxConcurrentTasks: positive,
  limits: {
    rule: 'must be { requestsPerMinute, tokensPerMinute } with numbers of at least 1',
    holds: (value) => typeof value === 'object' && value !== null && Object.entries(value).every(isLimit),
  },
  concurrentChunks: positive,
};

/**
 * Starts a worker. Run as many as you like, in as many processes: each answer gets one row, also where workers die,
 * freeze or lose the database. What is in flight at that moment is asked once more by another worker, and nothing else.
 *
 * @param options The queue, and how answers are graded.
 * @returns The worker, already at work.
 * @throws {GradingOptionsError} for misuse.
 *
 * @example
 * ```ts
 * import { createGradingWorker } from 'gradelanes/jobs';
 * import { offlineProvider } from 'gradelanes/offline';
 * import { Pool } from 'pg';
 * import { PgBoss } from 'pg-boss';
 *
 * const connectionString = 'postgres://localhost/grading';
 * const boss = new PgBoss({ connectionString, monitorIntervalSeconds: 5, superviseIntervalSeconds: 5 });
 * boss.on('error', console.error);
 * await boss.start();
 * const pool = new Pool({ connectionString });
 * pool.on('error', console.error);
 * const worker = await createGradingWorker({ boss, pool, grading: { provider: offlineProvider() } });
 * process.once('SIGTERM', () => void worker.close().then(() => boss.stop()));
 * ```
 */
export async function createGradingWorker(options: GradingWorkerOptions): Promise<GradingWorker> {
  const queue = openQueue(options, WORKER_RULES);
  const { grading, limits = {}, maxConcurrentTasks, concurrentChunks = DEFAULT_CONCURRENT_CHUNKS } = options;
  const halt = new AbortController();
  const { clock = systemClock, random = Math.random } = grading;
  // Before anything is asked of the database, so that misuse is found first.
  createChunkGrader({ grading, store: queue.results });
  await prepareQueue(queue);
  const limiter = await globalLimiter(queue.pool, queue.schema, limits, halt.signal);
  const controller = createConcurrencyController({ maxConcurrentTasks, limiter, clock, random });
  const grader = createChunkGrader({ grading, store: queue.results, controller, signal: halt.signal });
  const rest = new WorkerRest(clock, random, troubleReporter(queue));
  const closing = new AbortController();
  const worked = takeJobs({
    fetch: (wanted) => queue.boss.fetch(queue.name, { ...wanted, includeMetadata: true }),
    work: (job) => workOnJob(job, { queue, grader, rest, halted: halt.signal }),
    // A person who waits does not wait for a whole chunk of the background: one more place is only for interactive ones.
    places: concurrentChunks,
    rest,
    closing: closing.signal,
  });
  return {
    controller,
    async close({ graceMs = DEFAULT_WORKER_GRACE_MS } = {}) {
      closing.abort();
      const ended = new AbortController();
      await Promise.race([wait(graceMs, ended.signal), worked]).finally(() => ended.abort());
      halt.abort(new DOMException('the worker was closed', 'AbortError'));
      await worked;
      rest.well();
    },
  };
}

/** Tells the others of the queue, for its progress. Best effort: a worker that cannot tell still waits. */
function troubleReporter({ name, troubles }: OpenQueue): RestListener {
  const workerId = randomUUID();
  let last: Promise<unknown> = Promise.resolve();
  // One after the other, so that the last word counts.
  const tell = (word: () => Promise<void>): void => {
    last = last.then(word).catch(() => {});
  };
  return {
    resting: (code, waitMs) => tell(() => troubles.report(name, workerId, code, waitMs)),
    well: () => tell(() => troubles.clear(name, workerId)),
  };
}

function isLimit([name, value]: [string, unknown]): boolean {
  const isKnown = name === 'requestsPerMinute' || name === 'tokensPerMinute';
  return isKnown && (value === undefined || (typeof value === 'number' && value >= 1 && value < Infinity));
}
