import { answerText } from '../grading/text/answer-text.js';
import type { GuardedAnswer } from '../grading/guards/guard-answer.js';
import type { GradingItem } from '../contract/provider.js';
import type { AnswerToGrade } from '../contract/question.js';

/** An answer as a provider sees it: what the guards made of it, with the question's own material or the run's. */
export function gradingItem(
  id: string,
  { question, answer }: AnswerToGrade,
  guarded: Pick<GuardedAnswer, 'text'> | undefined,
  runContext: string | undefined,
): GradingItem {
  const context = question.context ?? runContext;
  return {
    id,
    question,
    answer: guarded?.text ?? answerText(question, answer),
    ...(context !== undefined && { context }),
  };
}
