import type { AnswerToGrade } from '../../contract/question.js';

/** The answer as one text, when it is one: a string, or a list with one string. */
export function singleText(answer: AnswerToGrade['answer']): string | undefined {
  if (typeof answer === 'string') return answer;
  const [only] = answer;
  return answer.length === 1 && typeof only === 'string' ? only : undefined;
}
