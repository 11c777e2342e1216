import { createAnswerKey, hashAnswerKey } from '../engine/reuse/grade-key.js';
import { bindProviders } from '../engine/providers/bound-provider.js';
import { GradingOptionsError } from '../contract/errors.js';
import type { GradingOptions } from '../contract/grading-options.js';
import { resolveOptions } from '../input/resolve-options.js';
import type { AnswerToGrade } from '../contract/question.js';

/**
 * Makes the keys under which grades are stored: the same for everything that decides a grade, in every process and
 * forever; nothing about the learner is in them.
 *
 * @throws {GradingOptionsError} for wrong options, and for a provider that only this process could tell from others.
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
  const keyOf = createAnswerKey(options, providers);
  return async (answer) => hashAnswerKey(keyOf(answer));
}
