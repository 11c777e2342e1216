// Bulk grading on Temporal: a run is a workflow, a chunk an activity. `gradeChunk` is the activity; register it with
// `Worker.create({ activities: gradingActivities(grader), ... })`, and call it from the workflow through `proxyActivities`.
import type { ChunkGrader, GradingChunk } from 'gradelanes/jobs';

/** The parts of `@temporalio/activity` and `@temporalio/common` that are used. */
export interface TemporalParts {
  heartbeat(): void;
  cancellationSignal(): AbortSignal;
  failure(message: string, nextRetryDelay: string | undefined): Error;
}

/** The activities of a worker. An activity that is lost is tried again: graded answers are not asked again. */
export function gradingActivities(grader: ChunkGrader, temporal: TemporalParts) {
  return {
    async gradeChunk(chunk: GradingChunk): Promise<void> {
      const attempt = { signal: temporal.cancellationSignal(), beforeCall: async () => temporal.heartbeat() };
      const outcome = await grader.grade(chunk, attempt);
      if (outcome.kind === 'trouble') throw temporal.failure(outcome.message, '30 seconds');
      if (outcome.kind === 'failed') throw temporal.failure(outcome.message, undefined);
      if (outcome.kind === 'aborted') throw temporal.failure('the activity was cancelled', undefined);
    },
  };
}

/** The workflow: chunks side by side, at most `width` of them, each until it is done. */
export async function gradingWorkflow(
  chunks: readonly GradingChunk[],
  gradeChunk: (chunk: GradingChunk) => Promise<void>,
  width = 10,
): Promise<void> {
  const waiting = [...chunks];
  const lane = async (): Promise<void> => {
    for (let chunk = waiting.shift(); chunk !== undefined; chunk = waiting.shift()) await gradeChunk(chunk);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
