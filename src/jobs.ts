/** Bulk grading beyond one process: jobs of pg-boss, results and limits in PostgreSQL. Node only. */
export { cancelGrading } from './jobs/cancel-grading.js';
export { chunkAnswers } from './jobs/chunk-answers.js';
export { collectReport } from './jobs/collect-report.js';
export { createChunkGrader } from './jobs/create-chunk-grader.js';
export {
  createGradingWorker,
  DEFAULT_CONCURRENT_CHUNKS,
  DEFAULT_WORKER_GRACE_MS,
} from './jobs/create-grading-worker.js';
export { deadLetters } from './jobs/dead-letters.js';
export { enqueueGrading } from './jobs/enqueue-grading.js';
export { createGradeKey } from './jobs/grade-key.js';
export { chunkId } from './jobs/grading-chunk.js';
export { gradingProgress } from './jobs/grading-progress.js';
export {
  DEFAULT_CHUNK_ATTEMPTS,
  DEFAULT_DEADLINE_SECONDS,
  DEFAULT_LEASE_SECONDS,
  DEFAULT_RETRY_DELAY_SECONDS,
} from './jobs/job-settings.js';
export { DEFAULT_CHUNK_SIZE } from './jobs/chunk-answers.js';
export { redriveGrading } from './jobs/redrive-grading.js';

export type { JobReport } from './jobs/collect-report.js';
export type { ChunkAttempt, ChunkGrader, ChunkGraderOptions, ChunkOutcome } from './jobs/create-chunk-grader.js';
export type { GradingWorker, GradingWorkerOptions } from './jobs/create-grading-worker.js';
export type { ChunkAnswersOptions } from './jobs/chunk-answers.js';
export type { DeadLetter, RunOptions } from './jobs/dead-letters.js';
export type { EnqueuedRun, EnqueueOptions } from './jobs/enqueue-grading.js';
export type { GlobalLimits } from './jobs/global-limiter.js';
export type { ChunkVersion, GradingChunk } from './jobs/grading-chunk.js';
export type { RunProgress } from './jobs/grading-progress.js';
export type {
  EngineAttempt,
  EngineDeadJob,
  EngineFetched,
  EngineFetchOptions,
  EngineJob,
  EngineJobInsert,
  EngineJobSettings,
  GradingQueue,
  JobEngine,
  SqlPool,
  SqlStatement,
} from './jobs/job-engine.js';
export type { OwnOption } from './jobs/own-options.js';
export type { RedriveOptions } from './jobs/redrive-grading.js';
export type { ResultRow, ResultStore } from './jobs/result-store.js';
export type { WorkerTrouble } from './jobs/trouble-table.js';
