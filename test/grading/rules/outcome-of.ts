import type { AnswerToGrade, Question } from '../../../src/contract/question.js';
import { gradeLocally } from '../../../src/grading/rules/grade-locally.js';

/** The share of full marks that rules give, or `'model'` when they leave the answer to a model. */
export function outcomeOf(question: Question, answer: AnswerToGrade['answer']): number | 'model' {
  const grade = gradeLocally(question, answer, { rules: true, exactMatch: true, blank: true });
  return grade.decided ? grade.score : 'model';
}
