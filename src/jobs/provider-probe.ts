import type { ConcurrencyController } from '../contract/controller.js';
import { isGradingAborted } from '../contract/errors.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { AnswerToGrade } from '../contract/question.js';
import { gradeAnswersSequentially } from '../engine/grade-answers.js';
import { createConcurrencyController } from '../engine/limits/create-controller.js';

/** Nobody's answer: its grade is thrown away. */
const PROBE: AnswerToGrade = {
  id: 'probe',
  question: { id: 'probe', prompt: 'Which colour is the sky on a clear day?', referenceAnswers: ['blue'] },
  answer: 'It is blue.',
};

/**
 * Canary: one call that tells an outage from an answer that no provider can grade. Both look the same when an answer times out
 * and nothing else is asked; only the answer's fault may cost an attempt.
 *
 * @returns true if a model graded the probe.
 */
export async function isProviderAlive(
  grading: GradingOptions,
  controller: ConcurrencyController,
  signal: AbortSignal,
): Promise<boolean> {
  const { cache: _, samples: __, onEvent: ___, onProgress: ____, ...rest } = grading;
  const { clock, random } = grading;
  // A circuit that the answer opened must not decide: the probe takes one of the slots, and has a door of its own.
  const own = createConcurrencyController({ maxConcurrentTasks: 1, clock, random });
  const options: GradingOptions = { ...rest, controller: own, signal, localGrading: false, retry: false };
  try {
    const { results } = await controller.run(() => gradeAnswersSequentially([PROBE], options));
    return results.some((result) => result.status === 'graded' && result.gradedBy === 'llm');
  } catch (error) {
    if (isGradingAborted(error)) return false;
    throw error;
  }
}
