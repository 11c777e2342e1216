import { answerSchema, isPlainQuestion, questionSchemas } from './answer-schemas.js';
import { checkOptions } from './check-input.js';
import { GradingOptionsError, isGradingOptionsError } from '../contract/errors.js';
import type { AnswerToGrade, Question, QuestionKind } from '../contract/question.js';
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
    const answer = checkOptions(answerSchema, given, path);
    const question = questions.get(answer.question) ?? checkQuestion(answer.question, `${path}.question`);
    questions.set(answer.question, question);
    return { ...answer, question };
  } catch (error) {
    if (isGradingOptionsError(error)) throw error;
    throw new GradingOptionsError(path, 'must be readable', 'an object that throws when it is read');
  }
}

/** Returns a copy with all fields of the caller's, also those that only the caller's own provider knows. */
function checkQuestion(question: object, path: string): Question {
  const copy: object & { kind?: unknown; prompt?: unknown } = { ...question };
  if (isPlainQuestion(copy)) return copy;
  const { kind = 'short_answer' }: { kind?: unknown } = question;
  if (!isQuestionKind(kind)) {
    const kinds = Object.keys(questionSchemas).join(', ');
    throw new GradingOptionsError(`${path}.kind`, `must be one of ${kinds}`, String(kind).slice(0, 40));
  }
  // The schema of its kind says that the object is a question.
  return { ...copy, ...checkOptions(questionSchemas[kind], question, path) } as Question;
}

function isQuestionKind(kind: unknown): kind is QuestionKind {
  return typeof kind === 'string' && Object.hasOwn(questionSchemas, kind);
}
