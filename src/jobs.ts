/** Bulk grading beyond one process: jobs of pg-boss, results and limits in PostgreSQL. Node only. */
export { cancelGrading } from './jobs/cancel-grading.js';
export { collectReport } from './jobs/collect-report.js';
export {
  createGradingWorker,
  DEFAULT_CONCURRENT_CHUNKS,
  DEFAULT_WORKER_GRACE_MS,
} from './jobs/create-grading-worker.js';
export { deadLetters } from './jobs/dead-letters.js';
export {
  DEFAULT_CHUNK_ATTEMPTS,
  DEFAULT_CHUNK_SIZE,
  DEFAULT_LEASE_SECONDS,
  DEFAULT_RETRY_DELAY_SECONDS,
  enqueueGrading,
} from './jobs/enqueue-grading.js';
export { gradingProgress } from './jobs/grading-progress.js';

export type { BulkReport } from './jobs/collect-report.js';
export type { GradingWorker, GradingWorkerOptions, OwnOption } from './jobs/create-grading-worker.js';
export type { DeadLetter, RunOptions } from './jobs/dead-letters.js';
export type { EnqueuedRun, EnqueueOptions } from './jobs/enqueue-grading.js';
export type { GlobalLimits } from './jobs/global-limiter.js';
export type { RunProgress } from './jobs/grading-progress.js';
export type {
  EngineDeadJob,
  EngineJob,
  EngineJobInsert,
  EngineWorkOptions,
  GradingQueue,
  JobEngine,
  SqlPool,
} from './jobs/job-engine.js';
