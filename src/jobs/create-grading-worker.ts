import { createConcurrencyController } from '../engine/limits/create-controller.js';
import type { ConcurrencyController } from '../contract/controller.js';
import { someObject, type OptionRule } from '../input/option-rules.js';
import { GradingOptionsError } from '../contract/errors.js';
import type { GradingOptions } from '../contract/grading-options.js';
import { DEFAULT_LEASE_SECONDS } from './enqueue-grading.js';
import { globalLimiter, type GlobalLimits } from './global-limiter.js';
import { gradeChunk } from './grade-chunk.js';
import { createGradeKey } from './grade-key.js';
import { unpackChunk } from './grading-chunk.js';
import type { EngineJob, GradingQueue } from './job-engine.js';
import { JobLease } from './job-lease.js';
import { ResultWriter } from './result-writer.js';
import { wait } from './wait.js';
import { openQueue, prepareQueue, QUEUE_RULES } from './open-queue.js';

/** Chunks in the works at once: while the last answers of one are in flight, the next one fills the slots. */
export const DEFAULT_CONCURRENT_CHUNKS = 2;

/** How long `close()` lets chunks finish, in milliseconds. */
export const DEFAULT_WORKER_GRACE_MS = 30_000;

/** How often a worker without work looks for some, in seconds: as often as the engine allows. */
const POLLING_SECONDS = 0.5;

/** The options of a run that a worker's `grading` must not have: the worker decides, or they come with each chunk. */
export type OwnOption =
  | 'adaptive'
  | 'controller'
  | 'deadlineMs'
  | 'limits'
  | 'maxConcurrentTasks'
  | 'onResult'
  | 'priority'
  | 'resumeFrom'
  | 'signal';

const OWN_OPTIONS: readonly OwnOption[] = [
  'adaptive',
  'controller',
  'deadlineMs',
  'limits',
  'maxConcurrentTasks',
  'onResult',
  'priority',
  'resumeFrom',
  'signal',
];

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
  refuseOwnOptions(grading);
  const gradeKey = createGradeKey(grading);
  await prepareQueue(queue);
  const halt = new AbortController();
  const limiter = await globalLimiter(queue.pool, queue.schema, limits, halt.signal);
  const { clock, random } = grading;
  const controller = createConcurrencyController({ maxConcurrentTasks, limiter, clock, random });
  const writer = new ResultWriter(queue.results, halt.signal);

  const workOn = async (job: EngineJob): Promise<void> => {
    const chunk = unpackChunk(job.data);
    if (chunk === undefined) throw new GradingOptionsError('job', 'must come from enqueueGrading()', typeof job.data);
    const stopped = AbortSignal.any([job.signal, halt.signal]);
    const lease = new JobLease(queue.boss, queue.name, job, job.heartbeatSeconds ?? DEFAULT_LEASE_SECONDS, stopped);
    const signal = AbortSignal.any([stopped, lease.signal]);
    await gradeChunk(chunk, { grading, controller, gradeKey, results: queue.results, writer, lease, signal });
  };
  const look = { batchSize: 1, pollingIntervalSeconds: POLLING_SECONDS };
  const workOnAll = async (jobs: EngineJob[]): Promise<void> => {
    for (const job of jobs) await workOn(job);
  };
  const workIds = [
    await queue.boss.work(queue.name, { ...look, localConcurrency: concurrentChunks }, workOnAll),
    // A person who waits does not wait for a whole chunk of the background.
    await queue.boss.work(queue.name, { ...look, localConcurrency: 1, minPriority: 1 }, workOnAll),
  ];
  return {
    controller,
    async close({ graceMs = DEFAULT_WORKER_GRACE_MS } = {}) {
      const drained = Promise.all(workIds.map((id) => queue.boss.offWork(queue.name, { id, wait: true })));
      const ended = new AbortController();
      await Promise.race([wait(graceMs, ended.signal), drained]).finally(() => ended.abort());
      halt.abort(new DOMException('the worker was closed', 'AbortError'));
      await drained;
    },
  };
}

function refuseOwnOptions(grading: object): void {
  const found = OWN_OPTIONS.find((name) => Reflect.get(grading, name) !== undefined);
  if (found === undefined) return;
  const rule = 'must be left out: it is set beside grading, or by the run';
  throw new GradingOptionsError(`grading.${found}`, rule, typeof Reflect.get(grading, found));
}

function isLimit([name, value]: [string, unknown]): boolean {
  const isKnown = name === 'requestsPerMinute' || name === 'tokensPerMinute';
  return isKnown && (value === undefined || (typeof value === 'number' && value >= 1 && value < Infinity));
}
