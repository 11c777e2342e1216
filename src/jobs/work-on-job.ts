import { GradingOptionsError } from '../contract/errors.js';
import { objectOf } from '../json/untyped-json.js';
import type { ChunkGrader, ChunkOutcome } from './create-chunk-grader.js';
import { chunkId, unpackChunk, type ChunkData, type ChunkPlace, placeOfChunk } from './grading-chunk.js';
import type { EngineFetched } from './job-engine.js';
import { JobLease } from './job-lease.js';
import { DEFAULT_LEASE_SECONDS, jobSettings } from './job-settings.js';
import type { OpenQueue } from './open-queue.js';
import type { RunRow } from './run-table.js';
import { untilAnswered } from './store-patience.js';
import type { WorkerRest } from './worker-rest.js';

/** What a worker works with. */
export interface JobWork {
  readonly queue: OpenQueue;
  readonly grader: ChunkGrader;
  readonly rest: WorkerRest;
  /** The worker stops: nothing is waited for any more. */
  readonly halted: AbortSignal;
}

/** The verbs of a job that is this worker's. */
type Settling = 'complete' | 'hand back' | 'bury' | { readonly failed: object };

/** Grades the chunk of a job and settles the job; never rejects. */
export async function workOnJob(job: EngineFetched, work: JobWork): Promise<void> {
  const ended = new AbortController();
  const stopped = AbortSignal.any([ended.signal, work.halted]);
  const lease = leaseOn(job, work.queue, stopped);
  const kept = lease.keep();
  try {
    const settling = await gradeJob(job, work, lease).catch((error: unknown) => settlingOf(error, work.halted));
    if (!lease.signal.aborted) await settle(job, settling, work.queue, work.halted);
  } catch {
    // The engine hears nothing more of the job, and hands it to another worker when the lease is over.
  } finally {
    ended.abort();
    await kept;
  }
}

/** What is thrown on the way of a worker that stops says nothing about the chunk. */
function settlingOf(error: unknown, halted: AbortSignal): Settling {
  if (halted.aborted) return 'hand back';
  return { failed: error instanceof Error ? error : new Error(String(error)) };
}

async function gradeJob(
  job: EngineFetched,
  { queue, grader, rest, halted }: JobWork,
  lease: JobLease,
): Promise<Settling> {
  const place = placeOfChunk(job.data);
  const chunk = unpackChunk(job.data);
  if (place === undefined || chunk === undefined) {
    return { failed: new GradingOptionsError('job', 'must come from enqueueGrading()', typeof job.data) };
  }
  const signal = AbortSignal.any([halted, lease.signal]);
  const run = await untilAnswered(() => queue.runs.find(place.runId), signal);
  if (run === undefined || isVoid(run, place)) return 'complete';
  if (run.isPastDeadline) return 'bury';
  const outcome = await grader.grade(chunk, { signal, beforeCall: () => lease.certain() });
  return settlingAfter(outcome, rest);
}

/** Nobody waits for it: the run was cancelled, or resumed with other jobs. */
function isVoid(run: RunRow, place: ChunkPlace): boolean {
  return run.isCancelled || place.round < run.round;
}

function settlingAfter(outcome: ChunkOutcome, rest: WorkerRest): Settling {
  if (outcome.kind === 'aborted') return 'hand back';
  if (outcome.kind === 'trouble') {
    rest.trouble(outcome.code, outcome.retryAt);
    return 'hand back';
  }
  rest.well();
  return outcome.kind === 'done' ? 'complete' : { failed: new Error(outcome.message) };
}

/** A claim ends as well with the run that it is for. */
function leaseOn(job: EngineFetched, { boss, name, runs }: OpenQueue, stopped: AbortSignal): JobLease {
  const place = placeOfChunk(job.data);
  const touch: OpenQueue['boss']['touch'] = async (queue, attempt) => {
    const run = place === undefined ? undefined : await runs.find(place.runId);
    if (run !== undefined && place !== undefined && isVoid(run, place)) return { affected: 0 };
    return boss.touch(queue, attempt);
  };
  return new JobLease({ touch }, name, job, job.heartbeatSeconds ?? DEFAULT_LEASE_SECONDS, stopped);
}

/** Every step may be made twice: a worker that is lost in between leaves nothing half done. */
async function settle(job: EngineFetched, settling: Settling, queue: OpenQueue, halted: AbortSignal): Promise<void> {
  const { boss, name, deadLetterName } = queue;
  const attempt = { id: job.id, retryCount: job.retryCount };
  await untilAnswered(async () => {
    if (typeof settling === 'object') return boss.fail(name, attempt, settling.failed);
    if (settling === 'hand back') await boss.insert(name, [await successorOf(job, queue)]);
    if (settling === 'bury') await boss.insert(deadLetterName, [letterOf(job, deadLetterName)]);
    return boss.complete(name, attempt);
  }, halted);
}

/**
 * The next job of the same chunk. The engine counts an attempt with every job that it takes back; a new job has them all, so
 * that what is not the chunk's fault costs it none.
 */
async function successorOf(job: EngineFetched, { name, deadLetterName, runs }: OpenQueue): Promise<Successor> {
  const data = nextTurn(job);
  const run = await runs.find(data.runId);
  const deadlineSeconds = run && Math.max(1, (run.deadline.getTime() - Date.now()) / 1_000);
  const settings = jobSettings(deadLetterName, {
    attempts: job.retryLimit + 1,
    retryDelaySeconds: job.retryDelay,
    leaseSeconds: job.heartbeatSeconds ?? undefined,
    deadlineSeconds,
  });
  return { id: chunkId(name, data.runId, data.first, data), data, priority: job.priority, ...settings };
}

type Successor = Parameters<OpenQueue['boss']['insert']>[1][number];

/** Like the engine's own dead letters, with the reason among the data: a letter has no output of its own. */
function letterOf(job: EngineFetched, deadLetterName: string): Successor {
  const data = { ...nextTurn(job), reason: 'the run’s deadline passed before all of it could be graded' };
  return { id: chunkId(deadLetterName, data.runId, data.first, data), data };
}

/** Only {@link packChunk} wrote the data of a job whose place could be read. */
function nextTurn({ data }: EngineFetched): ChunkData {
  const { turn } = placeOfChunk(data) ?? { turn: 0 };
  return { ...(objectOf(data) as unknown as ChunkData), turn: turn + 1 };
}
