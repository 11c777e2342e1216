import type { BulkRow } from '../contract/bulk-vendor.js';
import { isProviderError } from '../contract/errors.js';
import { failureOf } from '../engine/run/to-failure.js';
import type { GradeSource } from '../engine/run/link.js';
import type { PendingAnswer } from '../engine/run/pending-answer.js';
import type { GradingItem } from '../contract/provider.js';
import type { GradingResult } from '../contract/result.js';
import { failedAnswer, gradedAnswer } from '../engine/run/build-result.js';
import { readModelReply } from '../grading/prompt/ask-model.js';
import { underPolicy } from '../grading/marks/outside-policy.js';
import { checkVerdicts, type CheckedVerdict } from '../grading/marks/check-verdict.js';

/** A request for each answer, all at once. */
export const BULK_MODE = 'parallel';

/** What a row makes of its answer: read, checked and guarded like the reply to any other call. */
export function gradeRow(row: BulkRow, item: GradingItem, pending: PendingAnswer, source: GradeSource): GradingResult {
  try {
    const checked = verdictOf(row, item);
    if (checked.kind !== 'score') return failedAnswer(source.run, pending, failureOf(checked, source, row.report));
    const grade: GradingResult = { ...gradedAnswer(source, pending, checked.verdict, row.report), mode: BULK_MODE };
    return underPolicy(grade, source.run.options.review);
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return failedAnswer(source.run, pending, failureOf(error, source, row.report));
  }
}

function verdictOf(row: BulkRow, item: GradingItem): CheckedVerdict {
  if ('error' in row) throw row.error;
  const [checked] = checkVerdicts([item], readModelReply(row.reply, [item]));
  return checked ?? { kind: 'malformed', reason: 'it held no verdict' };
}
