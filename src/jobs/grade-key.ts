import { gradeKeyFor, hashGradeKey } from '../engine/reuse/grade-key.js';
import { bindProviders } from '../engine/providers/bound-provider.js';
import { GradingOptionsError } from '../contract/errors.js';
import type { GradingOptions } from '../contract/grading-options.js';
import { resolveOptions } from '../input/resolve-options.js';
import type { AnswerToGrade } from '../contract/question.js';

/**
 * Makes the keys under which grades are stored: the same for everything that decides a grade, in every process and
 * forever; nothing about the learner is in them.
 *
 * @param grading The options that the answers will be graded with.
 * @returns The key of an answer.
 * @throws {GradingOptionsError} for wrong options, and for a provider that only this process could tell from others.
 *
 * @example
 * ```ts
 * import { createGradeKey } from 'gradelanes/jobs';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const gradeKey = createGradeKey({ provider: { ...offlineProvider(), fingerprint: 'offline-1' } });
 * console.log((await gradeKey({ question: { prompt: 'Why does ice float?' }, answer: 'less dense' })).length > 0); // true
 * ```
 */
export function createGradeKey(grading: GradingOptions): (answer: AnswerToGrade) => Promise<string> {
  const options = resolveOptions(grading);
  const nameless = options.providers.findIndex(({ fingerprint }) => fingerprint === undefined);
  if (nameless !== -1) {
    const field = options.providers.length === 1 ? 'grading.provider' : `grading.provider[${nameless}]`;
    throw new GradingOptionsError(
      field,
      'must have a fingerprint, so that all workers know it by the same name',
      'none',
    );
  }
  const providers = bindProviders(options);
  if (providers.some(({ prompt }) => prompt?.prompt !== undefined && prompt.promptVersion === undefined)) {
    throw new GradingOptionsError('grading.provider', 'must give its prompt a promptVersion', 'a prompt without one');
  }
  const keyOf = gradeKeyFor(options, providers);
  return async (answer) => hashGradeKey(keyOf(answer));
}
