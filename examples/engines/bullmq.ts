// Bulk grading on BullMQ: a job is a chunk, its id the chunk's key, and the results are in a store that all workers share.
import { DelayedError, Queue, Worker, type ConnectionOptions, type Job } from 'bullmq';
import type { AnswerToGrade } from 'gradelanes';
import { chunkAnswers, chunkId, type ChunkGrader, type GradingChunk } from 'gradelanes/jobs';

/** How long a chunk waits for a provider that is down, in milliseconds. */
const TROUBLE_DELAY_MS = 1_000;

/** Adds every chunk once: BullMQ ignores an id that it knows. */
export async function enqueue(queue: Queue, runId: string, answers: Iterable<AnswerToGrade>): Promise<void> {
  for await (const chunk of chunkAnswers(answers, { runId })) {
    const jobId = chunkId(queue.name, runId, chunk.first);
    await queue.add('chunk', chunk, {
      jobId,
      attempts: 5,
      backoff: { type: 'exponential', delay: 1_000 },
      removeOnComplete: true,
    });
  }
}

/** A worker: as many as you like. A lost one's jobs go to others, who ask only for what has no row. */
export function startWorker(queueName: string, grader: ChunkGrader, connection: ConnectionOptions): Worker {
  return new Worker(queueName, (job: Job<GradingChunk>, token) => work(job, token, grader), {
    connection,
    concurrency: 2,
    lockDuration: 5_000,
    stalledInterval: 2_000,
    // A job whose worker was lost is no failed one.
    maxStalledCount: 10,
  });
}

async function work(job: Job<GradingChunk>, token: string | undefined, grader: ChunkGrader): Promise<void> {
  const outcome = await grader.grade(job.data);
  if (outcome.kind === 'done') return;
  if (outcome.kind === 'failed') throw new Error(outcome.message);
  // An outage costs no attempt: the chunk waits.
  await job.moveToDelayed(Date.now() + TROUBLE_DELAY_MS, token);
  throw new DelayedError();
}
