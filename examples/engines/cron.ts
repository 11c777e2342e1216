// Bulk grading without an engine: a program that cron starts every minute. Started as often as you like, also side by side in
// error, it asks only for what has no row; what is left when it dies is graded the next time.
import type { AnswerToGrade } from 'gradelanes';
import { chunkAnswers, type ChunkGrader } from 'gradelanes/jobs';

/** How one start ended: over, or to be started again. */
export interface CronOutcome {
  readonly isOver: boolean;
  readonly troubles: readonly string[];
}

/** Grades what is open, chunk by chunk. A provider that is down ends this start: the next one tries again. */
export async function gradeWhatIsOpen(
  grader: ChunkGrader,
  runId: string,
  answers: Iterable<AnswerToGrade>,
): Promise<CronOutcome> {
  const troubles: string[] = [];
  for await (const chunk of chunkAnswers(answers, { runId })) {
    const outcome = await grader.grade(chunk);
    if (outcome.kind === 'done') continue;
    troubles.push(outcome.kind === 'aborted' ? 'aborted' : outcome.message);
    if (outcome.kind !== 'failed') break;
  }
  return { isOver: troubles.length === 0, troubles };
}
