import type { BoundProvider } from './bound-provider.js';
import type { ResolvedOptions } from './options.js';
import type { AnswerToGrade } from './question.js';

/** Bumped when what a key holds changes, so that keys of different versions never meet. */
const KEY_VERSION = 1;

/**
 * Writes down everything of an answer and a run's options that decides its grade, but not who gave it: two answers with
 * the same key may share one grade. Each question is written down once.
 */
export function createAnswerKey(
  options: ResolvedOptions,
  providers: readonly BoundProvider[],
): (answer: AnswerToGrade) => string {
  const questionKeys = new WeakMap<object, string>();
  const run = JSON.stringify({
    version: KEY_VERSION,
    providers: providers.map(({ identity, promptVersion }) => [identityName(identity), promptVersion]),
    instructions: options.instructions,
    feedback: options.feedback,
    localGrading: options.localGrading,
  });
  return ({ question, answer }) => {
    const known = questionKeys.get(question);
    const questionKey = known ?? JSON.stringify([question, question.context ?? options.context]);
    if (known === undefined) questionKeys.set(question, questionKey);
    return `${run}\n${questionKey}\n${typeof answer === 'string' ? answer : JSON.stringify(answer)}`;
  };
}

let unnamedCount = 0;
const unnamed = new WeakMap<object, string>();

/** A provider without a fingerprint is known by its instance alone. */
function identityName(identity: object | string): string {
  if (typeof identity === 'string') return `fingerprint ${identity}`;
  const known = unnamed.get(identity) ?? `instance ${++unnamedCount}`;
  unnamed.set(identity, known);
  return known;
}
