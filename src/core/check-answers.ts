import { answerSchema, isPlainQuestion, questionSchemas } from './answer-schemas.js';
import { checkOptions } from './check-options.js';
import { GradingOptionsError, isGradingOptionsError } from './errors.js';
import type { AnswerToGrade, QuestionKind } from './question.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/** After so many answers the event loop has a turn. */
const ANSWERS_PER_TURN = 256;

/**
 * Checks every answer and, once each, every question before any call is made. Gives the event loop its turns.
 *
 * @returns Copies of the answers: the caller's may change while the run goes on, or run code when they are read.
 * @throws {GradingOptionsError} naming the first field that breaks its rule, such as `answers[2].question.prompt`.
 */
export async function checkAnswers(answers: readonly AnswerToGrade[]): Promise<readonly AnswerToGrade[]> {
  const checkedQuestions = new Set<object>();
  const copies: AnswerToGrade[] = [];
  for (const [index, answer] of answers.entries()) {
    copies.push(checkAnswer(answer, `answers[${index}]`, checkedQuestions));
    if ((index + 1) % ANSWERS_PER_TURN === 0) await yieldToEventLoop();
  }
  return copies;
}

function checkAnswer(answer: unknown, path: string, checkedQuestions: Set<object>): AnswerToGrade {
  try {
    const copy = checkOptions(answerSchema, answer, path);
    const isKnown = checkedQuestions.has(copy.question) || isPlainQuestion(copy.question);
    if (!isKnown) checkQuestion(copy.question, `${path}.question`);
    checkedQuestions.add(copy.question);
    // The schema of its kind says that the object is a question.
    return copy as AnswerToGrade;
  } catch (error) {
    if (isGradingOptionsError(error)) throw error;
    throw new GradingOptionsError(path, 'must be readable', 'an object that throws when it is read');
  }
}

function checkQuestion(question: object, path: string): void {
  const { kind = 'short_answer' }: { kind?: unknown } = question;
  if (!isQuestionKind(kind)) {
    const kinds = Object.keys(questionSchemas).join(', ');
    throw new GradingOptionsError(`${path}.kind`, `must be one of ${kinds}`, String(kind).slice(0, 40));
  }
  checkOptions(questionSchemas[kind], question, path);
}

function isQuestionKind(kind: unknown): kind is QuestionKind {
  return typeof kind === 'string' && Object.hasOwn(questionSchemas, kind);
}
