import { checkOptions } from '../input/check-input.js';
import { isGradingOptionsError } from '../contract/errors.js';
import type { Question } from '../contract/question.js';
import type { ProcessingModeRequest } from '../contract/report.js';
import { isJsonObject } from '../json/untyped-json.js';
import type { ParallelAnswerRequest, SubmittedAnswer } from '../wire/review-wire.js';
import { RequestProblem } from './request-problem.js';
import { batchRequestSchema, parallelRequestSchema, submittedAnswerSchema } from './request-schemas.js';
import type { AnswerUnderReview } from './review-handler-options.js';
import type { ReviewRouteKind } from './review-route.js';

/** What a learner handed in. */
export interface Submission {
  answers: readonly SubmittedAnswer[];
  mode: ProcessingModeRequest;
  maxConcurrentTasks: number | undefined;
}

/** The number of answers that a body seems to hold, before anything of it is checked. */
export function answerCountOf(kind: ReviewRouteKind, body: unknown): number {
  if (!isJsonObject(body)) return 0;
  if (kind === 'single') return 1;
  return Array.isArray(body['answers']) ? body['answers'].length : 0;
}

/**
 * Checks a body. Answers are counted before any of them is looked at, so that a body costs no more than its limits allow.
 *
 * @throws {RequestProblem} 400 naming the first field that breaks its rule.
 */
export function readSubmission(kind: ReviewRouteKind, body: unknown, maxAnswers: number): Submission {
  if (!isJsonObject(body)) throw new RequestProblem(400, 'the body must be a JSON object');
  const count = answerCountOf(kind, body);
  if (count > maxAnswers) throw fieldProblem('answers', `must be at most ${maxAnswers} answers`, `${count}`);
  const { answers, processing_mode: mode = 'auto', max_concurrent_tasks: tasks } = checkBody(kind, body);
  refuseRepeated(answers);
  return { answers, mode: kind === 'batch' ? 'batch' : mode, maxConcurrentTasks: tasks };
}

/**
 * The answers beside their questions.
 *
 * @throws {RequestProblem} 400 naming the first index that no question has.
 */
export function answersUnderReview(
  kind: ReviewRouteKind,
  { answers }: Submission,
  questions: readonly Question[],
): readonly AnswerUnderReview[] {
  return answers.map(({ question_index: questionIndex, answer }, position) => {
    const question = questions[questionIndex];
    if (question !== undefined) return { questionIndex, question, answer };
    const field = kind === 'single' ? 'question_index' : `answers[${position}].question_index`;
    throw fieldProblem(
      field,
      `must be the index of one of the card's ${questions.length} questions`,
      `${questionIndex}`,
    );
  });
}

function refuseRepeated(answers: readonly SubmittedAnswer[]): void {
  const seen = new Set<number>();
  for (const [position, { question_index: index }] of answers.entries()) {
    if (seen.has(index)) throw fieldProblem(`answers[${position}].question_index`, 'must be there once', `${index}`);
    seen.add(index);
  }
}

function checkBody(kind: ReviewRouteKind, body: object): ParallelAnswerRequest {
  try {
    if (kind === 'single') return { answers: [checkOptions(submittedAnswerSchema, body)] };
    return checkOptions(kind === 'batch' ? batchRequestSchema : parallelRequestSchema, body);
  } catch (error) {
    if (isGradingOptionsError(error)) throw fieldProblem(error.field, error.rule, error.received);
    throw error;
  }
}

function fieldProblem(field: string, rule: string, received: string): RequestProblem {
  return new RequestProblem(400, `${field} ${rule}: received ${received}`, { field });
}
