import { checkOptions } from '../input/check-input.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { Question } from '../contract/question.js';
import type { GradingResult } from '../contract/result.js';
import { type AuditRecord, auditRecordSchema } from './audit-format.js';
import { auditedOptions } from './audited-options.js';
import type { OverriddenGrade } from './override-grade.js';

/** What a result does not know of itself. */
export interface AuditRecordOptions {
  /** The options that the answer was graded with. */
  options: GradingOptions;
  /** Recorded as it is, marking material included: the grade refers to it, whatever it becomes. @default none */
  question?: Question | undefined;
  /** @default now */
  recordedAt?: Date | undefined;
}

/**
 * Writes down what produced a grade, so that it can be explained when the run, the question and the options are long
 * gone. Only what belongs into a record gets in: no client, key or learner id, and no answer text, but for what a
 * grader quotes in `feedback` and `rationale`.
 *
 * @param result A result of the grading functions, or a person's override of one.
 * @param about The options of the run, and the question.
 * @returns Plain data to store; {@link parseAuditRecord} reads it back.
 * @throws {GradingOptionsError} for options, a question or a result that break their rules.
 *
 * @example
 * ```ts
 * import { gradeAnswer, type GradingOptions } from 'gradelanes';
 * import { auditRecord, parseAuditRecord } from 'gradelanes/evaluate';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { id: 'ice', prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const options: GradingOptions = { provider: offlineProvider(), instructions: 'Ignore spelling.' };
 * const result = await gradeAnswer({ question, answer: 'its density is less' }, options);
 * const stored = JSON.stringify(auditRecord(result, { options, question }));
 * console.log(parseAuditRecord(stored).options['instructions']); // Ignore spelling.
 * ```
 */
export function auditRecord(result: GradingResult | OverriddenGrade, about: AuditRecordOptions): AuditRecord {
  const { options, question, recordedAt = new Date() } = about;
  const { first, overrides } = historyOf(result);
  // The schema leaves out whatever it does not know.
  return checkOptions(auditRecordSchema, {
    format: 'gradelanes-audit',
    version: 1,
    recordedAt: recordedAt.toISOString(),
    ...(result.questionId !== undefined && { questionId: result.questionId }),
    ...(result.answerId !== undefined && { answerId: result.answerId }),
    result: first,
    overrides,
    options: auditedOptions(options),
    ...(question !== undefined && { question }),
  });
}

/** What the grader said, and what people made of it, the latest last. */
function historyOf(result: GradingResult | OverriddenGrade): {
  first: GradingResult;
  overrides: readonly OverriddenGrade[];
} {
  if (result.status !== 'overridden') return { first: result, overrides: [] };
  const { first, overrides } = historyOf(result.original);
  return { first, overrides: [...overrides, result] };
}
