import type { AnswerToGrade } from '../contract/question.js';
import type { GradingResult } from '../contract/result.js';

/** What a run knew of its answers. */
interface RememberedAnswers {
  readonly answers: readonly AnswerToGrade[];
  readonly answerKey: (answer: AnswerToGrade) => string;
}

const remembered = new WeakMap<object, RememberedAnswers>();

/** Remembers what results are about for as long as they live, so that they need no keys while nobody asks for them. */
export function rememberAnswers(
  results: readonly (GradingResult | undefined)[],
  answers: readonly AnswerToGrade[],
  answerKey: RememberedAnswers['answerKey'],
): void {
  remembered.set(results, { answers, answerKey });
}

/** What one of the results of a run of this process is known by, before it is hashed. */
export function rememberedKey(results: object, position: number): string | undefined {
  const run = remembered.get(results);
  const answer = run?.answers[position];
  return answer && run?.answerKey(answer);
}
