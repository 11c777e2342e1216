import type { AnswerToGrade, Question } from '../../contract/question.js';

/** The answer as a model reads it: parts one a line, chosen options as their texts. */
export function answerText(question: Question, answer: AnswerToGrade['answer']): string {
  if (typeof answer === 'string') return answer;
  const choices = 'choices' in question ? question.choices : undefined;
  return answer.map((part) => (typeof part === 'number' ? (choices?.[part] ?? String(part)) : part)).join('\n');
}
