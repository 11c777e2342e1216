import { answerSchema } from './answer-schemas.js';
import { checkFieldNames } from './check-field-names.js';
import { checkOptions } from './check-input.js';
import { readQuestion } from './check-question.js';
import { answerFields } from './field-names.js';
import { GradingOptionsError, isGradingOptionsError } from '../contract/errors.js';
import type { AnswerToGrade, Question } from '../contract/question.js';
import { yieldToEventLoop } from '../async/yield.js';

/** After so many answers the event loop has a turn. */
const ANSWERS_PER_TURN = 256;

/**
 * Checks every answer and, once each, every question before any call is made. Gives the event loop its turns.
 *
 * @returns Copies of the answers and their questions, one for each: the caller's may change while the run goes on, or run
 * code when they are read.
 * @throws {GradingOptionsError} naming the first field that breaks its rule, such as `answers[2].question.prompt`.
 */
export async function checkAnswers(answers: readonly AnswerToGrade[]): Promise<readonly AnswerToGrade[]> {
  const questions = new Map<object, Question>();
  const copies: AnswerToGrade[] = [];
  for (const [index, answer] of answers.entries()) {
    copies.push(checkAnswer(answer, `answers[${index}]`, questions));
    if ((index + 1) % ANSWERS_PER_TURN === 0) await yieldToEventLoop();
  }
  return copies;
}

/**
 * Checks an answer, and its question if that was not checked before.
 *
 * @returns A copy of the answer.
 * @throws {GradingOptionsError} naming the field under `path` that breaks its rule.
 */
export function checkAnswer(
  given: unknown,
  path: string,
  questions: Pick<WeakMap<object, Question>, 'get' | 'set'>,
): AnswerToGrade {
  try {
    checkFieldNames(given, answerFields, path);
    const answer = checkOptions(answerSchema, given, path);
    const question = questions.get(answer.question) ?? readQuestion(answer.question, `${path}.question`);
    questions.set(answer.question, question);
    return { ...answer, question };
  } catch (error) {
    if (isGradingOptionsError(error)) throw error;
    throw new GradingOptionsError(path, 'must be readable', 'an object that throws when it is read');
  }
}
