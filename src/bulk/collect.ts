import { someObject } from '../input/option-rules.js';
import { GradingAbortedError, GradingOptionsError, isGradingAborted } from '../contract/errors.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { BulkProgress } from '../contract/bulk-vendor.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { ParallelProcessingMetrics } from '../contract/report.js';
import type { GradingResult, TokenUsage } from '../contract/result.js';
import { checkHandle, type BulkHandle, type BulkPart } from './bulk-handle.js';
import type { CollectOptions } from './bulk-options.js';
import { prepareRun, someCallback, type BulkRun } from './bulk-run.js';
import { Collection } from './collection.js';
import { gradeRest } from './grade-rest.js';
import { readRows } from './read-rows.js';

/** What came of a run. */
export interface BulkReport {
  /** Every answer exactly once, in input order. */
  results: readonly GradingResult[];
  /** Positions of the answers that have no grade; their results say why. */
  ungraded: readonly number[];
  /** Tokens of the batches, as far as the vendor told; those of the rest are in its metrics. */
  usage?: TokenUsage | undefined;
  /** How the rest was graded, if there was one. */
  restMetrics?: ParallelProcessingMetrics | undefined;
}

/**
 * Fetches the replies of a run and makes grades of them: read, checked and guarded like any other reply. Rows come in any
 * order and one at a time. What expired, failed, was refused or cannot be read comes back failed with the reason, or is
 * graded at once as `rest`. Calling it again costs nothing at the vendor, but grades the rest again.
 *
 * @param handle What `submit` gave, as it came back from storage.
 * @param answers The same as for `submit`, in the same order.
 * @param options The vendor, and how to grade: the same options as for `submit`.
 * @throws {GradingOptionsError} (as a rejection) for misuse, such as other answers or batches that have not ended.
 * @throws {ProviderError} (as a rejection) when the vendor cannot be asked.
 * @throws {GradingAbortedError} (as a rejection) when the signal aborts while the rest is graded; it carries all results.
 *
 * @example
 * ```ts
 * import type { AnswerToGrade, Provider } from 'gradelanes';
 * import { collect, type BulkHandle, type BulkVendor } from 'gradelanes/bulk';
 *
 * const finish = async (handle: BulkHandle, answers: readonly AnswerToGrade[], vendor: BulkVendor, live: Provider) => {
 *   const { results, ungraded } = await collect(handle, answers, { vendor, rest: { provider: live } });
 *   console.log(`${results.length - ungraded.length} graded`);
 * };
 * ```
 */
export async function collect(
  handle: BulkHandle,
  answers: readonly AnswerToGrade[],
  options: CollectOptions,
): Promise<BulkReport> {
  const run = await prepareRun(answers, options, { rest: someObject, onResult: someCallback });
  const { onResult, rest } = options;
  const checked = checkedHandle(handle, run);
  const batches = await endedBatches(checked.parts, run);
  const collection = new Collection(run, checked, async (result) => {
    // With a rest to be graded, a failure is not final.
    if (rest === undefined || result.status === 'graded') await onResult?.(result);
  });
  for (const { batchId, durationMs, error } of batches) {
    if (error !== undefined) continue;
    for await (const row of readRows(run, batchId)) await collection.addRow(row, durationMs);
  }
  await collection.addOthers((index) => batches.find(({ first, end }) => first <= index && index < end)?.error);
  const report = reportOf(collection);
  return rest === undefined || report.ungraded.length === 0 ? report : withRest(report, run, options, rest);
}

function checkedHandle(handle: BulkHandle, { vendor, answers }: BulkRun): BulkHandle {
  const checked = checkHandle(handle, vendor);
  if (!checked.isSubmitted) {
    throw new GradingOptionsError(
      'handle',
      'must be of a run that is handed in to its end: call submit() with resume',
      'a part',
    );
  }
  if (checked.answerCount === answers.length) return checked;
  throw new GradingOptionsError('answers', `must be the ${checked.answerCount} of the handle`, `${answers.length}`);
}

/** A batch that has ended. */
type EndedBatch = BulkPart & BulkProgress & { batchId: string };

async function endedBatches(parts: readonly BulkPart[], { vendor, signal }: BulkRun): Promise<readonly EndedBatch[]> {
  const batches: EndedBatch[] = [];
  for (const part of parts) {
    const { batchId = '' } = part;
    const progress = await vendor.progress(batchId, signal);
    if (!progress.isEnded) {
      throw new GradingOptionsError('handle', 'must be of batches that have all ended: poll() tells', batchId);
    }
    batches.push({ ...part, ...progress, batchId });
  }
  return batches;
}

function reportOf({ results, usage }: Collection): BulkReport {
  // Every answer has a row, a rule or a failure by now.
  const settled = results.filter((result) => result !== undefined);
  return { results: settled, ungraded: ungradedIn(settled), ...(usage !== undefined && { usage }) };
}

function ungradedIn(results: readonly GradingResult[]): readonly number[] {
  return results.flatMap(({ status, index }) => (status === 'failed' ? [index] : []));
}

async function withRest(
  report: BulkReport,
  { answers }: BulkRun,
  options: CollectOptions,
  rest: GradingOptions,
): Promise<BulkReport> {
  const results = [...report.results];
  const failures = results.filter((result) => result.status === 'failed');
  const restAnswers = failures.flatMap(({ index }) => answers[index] ?? []);
  const settle = async (result: GradingResult): Promise<void> => {
    results[result.index] = result;
    await options.onResult?.(result);
  };
  try {
    const restMetrics = await gradeRest({ answers: restAnswers, failures, settle }, rest, options);
    return { ...report, results, ungraded: ungradedIn(results), restMetrics };
  } catch (error) {
    if (!isGradingAborted(error)) throw error;
    throw new GradingAbortedError({ results, metrics: error.report.metrics }, error.cause);
  }
}
