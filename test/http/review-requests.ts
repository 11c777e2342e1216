import { createGrader, type GradingOptions, type Question } from 'gradelanes';
import { createReviewHandler } from 'gradelanes/http';
import type { ReviewHandler, ReviewHandlerOptions } from 'gradelanes/http';

/** Ten questions that no rule can decide. */
export const questions: readonly Question[] = Array.from({ length: 10 }, (_, index) => ({
  prompt: `Question ${index}: why does ice float?`,
}));

/** A handler over a grader of its own: everybody may ask about every card but `missing`. */
export function reviewHandler(grading: GradingOptions, options: Partial<ReviewHandlerOptions> = {}): ReviewHandler {
  return createReviewHandler({
    grader: createGrader(grading),
    authorize: () => ({ learnerId: 'amina' }),
    load: ({ cardId }) => (cardId === 'missing' ? undefined : { questions }),
    ...options,
  });
}

/** Answers to the first questions: `answer 0`, `answer 1`, ... */
export function submitted(count: number): { question_index: number; answer: string }[] {
  return Array.from({ length: count }, (_, index) => ({ question_index: index, answer: `answer ${index}` }));
}

/** A request to a route of card `7` in session `42`. */
export function reviewRequest(
  route: 'parallel' | 'batch' | 'single',
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Request {
  const path = route === 'single' ? 'answer/7' : `answers/7/${route}`;
  return new Request(`http://localhost/api/review/session/42/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  });
}
