import { gradeAnswersWithFallback } from '../engine/grade-answers.js';
import type { GradingOptions } from '../contract/grading-options.js';
import { pickOptions } from '../input/option-facts.js';
import { definedOnly } from '../input/resolve-options.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { ParallelProcessingMetrics } from '../contract/report.js';
import type { FailedAnswer, GradingResult } from '../contract/result.js';
import { addUsage } from '../engine/telemetry/token-usage.js';
import type { CollectOptions } from './bulk-options.js';

/** What the batches left ungraded, and what becomes of it. */
export interface Rest {
  readonly answers: readonly AnswerToGrade[];
  readonly failures: readonly FailedAnswer[];
  /** Told of every answer, in any order. */
  readonly settle: (result: GradingResult) => Promise<void>;
}

/**
 * Grades the rest as any other answers. What its batch cost an answer stays part of its result.
 *
 * @throws {GradingAbortedError} with a report of the rest alone.
 */
export async function gradeRest(
  { answers, failures, settle }: Rest,
  rest: GradingOptions,
  given: CollectOptions,
): Promise<ParallelProcessingMetrics> {
  let fault: { error: unknown } | undefined;
  const onResult = async (result: GradingResult): Promise<void> => {
    const failure = failures[result.index];
    if (failure === undefined) return;
    try {
      await settle(afterBatch(result, failure));
    } catch (error) {
      fault ??= { error };
    }
  };
  const options: GradingOptions = {
    ...pickOptions('bulk', given),
    ...definedOnly(rest),
    provider: rest.provider,
    onResult,
  };
  const { metrics } = await gradeAnswersWithFallback(answers, options);
  if (fault !== undefined) throw fault.error;
  return metrics;
}

function afterBatch(result: GradingResult, failure: FailedAnswer): GradingResult {
  const usage =
    result.usage === undefined || failure.usage === undefined
      ? (result.usage ?? failure.usage)
      : addUsage(result.usage, failure.usage);
  const whole: GradingResult = {
    ...result,
    index: failure.index,
    attempts: result.attempts + failure.attempts,
    ...(usage !== undefined && { usage }),
  };
  if (whole.status === 'graded') return whole;
  const { causes = [] } = whole.error;
  return { ...whole, error: { ...whole.error, causes: [failure.error, ...causes] } };
}
