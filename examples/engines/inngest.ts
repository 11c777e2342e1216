// Bulk grading on Inngest: one event per chunk. `inngest.createFunction(options, { event: CHUNK_EVENT }, gradeChunkFunction(...))`
// with `{ id: 'grade-chunk', idempotency: 'event.data.key', concurrency: 10, throttle: { limit: 600, period: '1m' } }`.
import type { AnswerToGrade } from 'gradelanes';
import { chunkAnswers, chunkId, type ChunkGrader, type GradingChunk } from 'gradelanes/jobs';

const CHUNK_EVENT = 'grading/chunk';

/** The event of a chunk; its id makes sending it again harmless. */
export interface ChunkEvent {
  readonly id: string;
  readonly name: typeof CHUNK_EVENT;
  readonly data: GradingChunk;
}

/** The parts of Inngest that are used: `inngest.send`, a step, and `RetryAfterError`. */
export interface InngestParts {
  retryAfter(message: string, when: string): Error;
}

/** The events of a run, for `inngest.send`. */
export async function* chunkEvents(runId: string, answers: Iterable<AnswerToGrade>): AsyncGenerator<ChunkEvent> {
  for await (const data of chunkAnswers(answers, { runId })) {
    yield { id: chunkId('inngest', runId, data.first), name: CHUNK_EVENT, data };
  }
}

/** The function of a chunk. A retried step asks only for what has no row. */
export function gradeChunkFunction(grader: ChunkGrader, { retryAfter }: InngestParts) {
  return async (context: {
    event: { data: GradingChunk };
    step: { run<T>(name: string, work: () => Promise<T>): Promise<T> };
  }): Promise<void> => {
    await context.step.run('grade', async () => {
      const outcome = await grader.grade(context.event.data);
      if (outcome.kind === 'trouble') throw retryAfter(outcome.message, '30s');
      if (outcome.kind !== 'done') throw new Error(outcome.kind === 'failed' ? outcome.message : 'aborted');
    });
  };
}
