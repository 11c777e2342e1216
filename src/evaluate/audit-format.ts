import type { Question } from '../contract/question.js';
import type { FailedAnswer, GradedAnswer } from '../contract/result.js';
import type { AuditedOptions } from './audited-options.js';
import type { OverriddenGrade } from './override-grade.js';

/** What a grader made of an answer, without its place in a run. */
export type AuditedResult =
  | Omit<GradedAnswer, 'index' | 'questionId' | 'answerId'>
  | Omit<FailedAnswer, 'index' | 'questionId' | 'answerId'>;

/** What a person decided. */
export type AuditedOverride = Omit<OverriddenGrade, 'status' | 'index' | 'questionId' | 'answerId' | 'original'>;

/** Everything that explains a grade later. Plain data that survives `JSON.stringify`. */
export interface AuditRecord {
  format: 'gradelanes-audit';
  /** Of the format. */
  version: 1;
  /** ISO 8601. */
  recordedAt: string;
  questionId?: string | undefined;
  answerId?: string | undefined;
  /** Marks, rule or rationale, provider, model, prompt version, request id; or why there is no grade. */
  result: AuditedResult;
  /** What people decided since, the latest last. */
  overrides: readonly AuditedOverride[];
  /** The options in force, defaults included: no client, key or function. */
  options: AuditedOptions;
  /** The question as it was then, where it was given. */
  question?: Question | undefined;
}
