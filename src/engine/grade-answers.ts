import { GradingOptionsError } from '../contract/errors.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { GradingReport } from '../contract/report.js';
import type { GradingResult, ProcessingMode } from '../contract/result.js';
import { runGrading } from './grade-list.js';

/** Options of a function that always works in one mode. */
export type SingleModeOptions = Omit<GradingOptions, 'mode'>;

/**
 * Grades answers, choosing the mode by their number and falling back parallel -> batch -> sequential, then to the next
 * provider, for what is still ungraded. Every answer comes back exactly once, in order, graded or failed with a reason.
 *
 * @param answers What to grade; an empty array gives an empty report.
 * @param options Who grades, and how.
 * @returns The results in input order and the metrics of the run.
 * @throws {GradingOptionsError} (as a rejection) before any call, for misuse.
 * @throws {GradingAbortedError} (as a rejection) when `options.signal` aborts; it carries the partial report.
 *
 * @example
 * ```ts
 * import { gradeAnswersWithFallback } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const report = await gradeAnswersWithFallback(
 *   [{ question, answer: 'it is less dense than water' }, { question, answer: '' }],
 *   { provider: offlineProvider() },
 * );
 * for (const result of report.results) {
 *   console.log(result.status === 'graded' ? result.isCorrect : result.error.message);
 * }
 * ```
 */
export function gradeAnswersWithFallback<const Answers extends readonly AnswerToGrade[]>(
  answers: Answers,
  options: GradingOptions,
): Promise<GradingReport<Answers>> {
  return gradeWith(answers, options);
}

/**
 * Grades each answer in a call of its own, up to `maxConcurrentTasks` at once, without falling back to another mode.
 *
 * @param answers What to grade.
 * @param options Who grades, and how.
 * @returns The results in input order and the metrics of the run.
 * @throws {GradingOptionsError | GradingAbortedError} as {@link gradeAnswersWithFallback}.
 *
 * @example
 * ```ts
 * import { gradeAnswersConcurrently } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const report = await gradeAnswersConcurrently([], { provider: offlineProvider(), maxConcurrentTasks: 10 });
 * console.log(report.metrics.concurrentExecutionCount); // 0
 * ```
 */
export function gradeAnswersConcurrently<const Answers extends readonly AnswerToGrade[]>(
  answers: Answers,
  options: SingleModeOptions,
): Promise<GradingReport<Answers>> {
  return gradeInMode('parallel', answers, options);
}

/**
 * Grades several answers per call, `batchSize` at most, without falling back to another mode. Answers of different
 * learners never share a call unless `batchAcrossLearners` says so.
 *
 * @param answers What to grade.
 * @param options Who grades, and how.
 * @returns The results in input order and the metrics of the run.
 * @throws {GradingOptionsError} also for a provider that takes one answer per call.
 * @throws {GradingAbortedError} as {@link gradeAnswersWithFallback}.
 *
 * @example
 * ```ts
 * import { gradeAnswersInBatch } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const report = await gradeAnswersInBatch([], { provider: offlineProvider(), batchSize: 10 });
 * console.log(report.results.length); // 0
 * ```
 */
export function gradeAnswersInBatch<const Answers extends readonly AnswerToGrade[]>(
  answers: Answers,
  options: SingleModeOptions,
): Promise<GradingReport<Answers>> {
  return gradeInMode('batch', answers, options);
}

/**
 * Grades one answer per call, one call after the other.
 *
 * @param answers What to grade.
 * @param options Who grades, and how.
 * @returns The results in input order and the metrics of the run.
 * @throws {GradingOptionsError | GradingAbortedError} as {@link gradeAnswersWithFallback}.
 *
 * @example
 * ```ts
 * import { gradeAnswersSequentially } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const report = await gradeAnswersSequentially([], { provider: offlineProvider() });
 * console.log(report.metrics.requests); // 0
 * ```
 */
export function gradeAnswersSequentially<const Answers extends readonly AnswerToGrade[]>(
  answers: Answers,
  options: SingleModeOptions,
): Promise<GradingReport<Answers>> {
  return gradeInMode('sequential', answers, options);
}

/**
 * Grades one answer.
 *
 * @param answer What to grade.
 * @param options Who grades, and how.
 * @returns The grade, or the failure with its reason.
 * @throws {GradingOptionsError | GradingAbortedError} as {@link gradeAnswersWithFallback}.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { kind: 'true_false', prompt: 'Ice floats on water.', correctAnswer: true } as const;
 * const result = await gradeAnswer({ question, answer: 'true' }, { provider: offlineProvider() });
 * console.log(result.status === 'graded' && result.gradedBy); // rule
 * ```
 */
export async function gradeAnswer(answer: AnswerToGrade, options: GradingOptions): Promise<GradingResult> {
  const report = await gradeAnswersWithFallback([answer] as const, options);
  return report.results[0];
}

function gradeInMode<const Answers extends readonly AnswerToGrade[]>(
  mode: ProcessingMode,
  answers: Answers,
  options: SingleModeOptions,
): Promise<GradingReport<Answers>> {
  return gradeWith(answers, { ...options, mode }, mode);
}

async function gradeWith<const Answers extends readonly AnswerToGrade[]>(
  answers: Answers,
  options: GradingOptions,
  onlyMode?: ProcessingMode,
): Promise<GradingReport<Answers>> {
  const copy = copyOf(answers);
  return runGrading<Answers>(copy, options, onlyMode);
}

/** Taken at once: the caller's array may change while the run goes on, or run code when it is read. */
function copyOf(answers: readonly AnswerToGrade[]): readonly AnswerToGrade[] {
  try {
    return Array.isArray(answers) ? [...answers] : answers;
  } catch {
    throw new GradingOptionsError('answers', 'must be readable', 'an array that throws when it is read');
  }
}
