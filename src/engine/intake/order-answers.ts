import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { AnswerToGrade } from '../../contract/question.js';

/** Weight of a criterion, in characters of answer: it asks for about as much output as so many ask for input. */
const CHARACTERS_PER_CRITERION = 200;

/**
 * Scheduling: the positions of the answers in the order in which they are sent. The duration of a call is guessed from
 * the length of the answer and the number of criteria. `firstThenLongest` sends one short answer, so that a first
 * result is there soon, then the longest ones, so that none of them is left for the end (Graham's longest processing
 * time first).
 */
export function orderAnswers(answers: readonly AnswerToGrade[], order: ResolvedOptions['order']): readonly number[] {
  const positions = answers.map((_, index) => index);
  if (order === 'input' || answers.length < 2) return positions;
  const weights = answers.map(order === 'easiest' ? difficultyOf : effortOf);
  const ascending = positions.toSorted((first, second) => (weights[first] ?? 0) - (weights[second] ?? 0));
  if (order === 'shortest' || order === 'easiest') return ascending;
  const descending = ascending.toReversed();
  return order === 'longest' ? descending : [...descending.slice(-1), ...descending.slice(0, -1)];
}

/** Guess of a call's duration, in characters of answer. */
function effortOf({ answer, question }: AnswerToGrade): number {
  const characters =
    typeof answer === 'string' ? answer.length : answer.reduce<number>((sum, part) => sum + String(part).length, 0);
  return characters + CHARACTERS_PER_CRITERION * (question.rubric?.criteria.length ?? 1);
}

/** Difficulty of an answer's question, from 0 to 1. A question that does not say is of middling difficulty. */
function difficultyOf({ question }: AnswerToGrade): number {
  return question.difficulty ?? 0.5;
}
