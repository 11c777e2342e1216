import type { OptionRule } from '../input/option-rules.js';
import type { RunOptions } from './dead-letters.js';
import { DEFAULT_DEADLINE_SECONDS } from './job-settings.js';
import { knownRun, openQueue, RUN_RULES } from './open-queue.js';

/** Dead letters that are moved in one statement. */
const LETTERS_PER_REDRIVE = 500;

/** Options of {@link redriveGrading}. */
export interface RedriveOptions extends RunOptions {
  /** The run's new deadline from now on: an integer of seconds, 1..31,536,000. @default 604,800 (a week) */
  deadlineSeconds?: number | undefined;
}

const deadlineRule: OptionRule = {
  rule: 'must be an integer from 1 to 31536000',
  holds: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 31_536_000,
};

/**
 * Tries the dead letters of a run again, once the cause is mended: what they left without a grade is graded, and nothing else.
 *
 * @param options The queue, the run, and its new deadline.
 * @returns How many chunks are tried again.
 * @throws {GradingOptionsError} for misuse, and for a run that nobody enqueued.
 *
 * @example
 * ```ts
 * import { redriveGrading, type RunOptions } from 'gradelanes/jobs';
 *
 * const tryAgain = (run: RunOptions): Promise<number> => redriveGrading({ ...run, deadlineSeconds: 3_600 });
 * ```
 */
export async function redriveGrading(options: RedriveOptions): Promise<number> {
  const queue = openQueue(options, { ...RUN_RULES, deadlineSeconds: deadlineRule });
  const { runId, deadlineSeconds = DEFAULT_DEADLINE_SECONDS } = options;
  await knownRun(queue, runId);
  await queue.runs.extend(runId, deadlineSeconds);
  const { boss, name, deadLetterName } = queue;
  for (let moved = 0; ;) {
    const some = await boss.redrive(deadLetterName, { data: { runId }, destination: name, limit: LETTERS_PER_REDRIVE });
    moved += some;
    if (some < LETTERS_PER_REDRIVE) return moved;
  }
}
