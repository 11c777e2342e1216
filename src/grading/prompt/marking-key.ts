import type { NumericKey, Question } from '../../contract/question.js';

/** The key of an objective question that no rule could decide, as lines of the prompt. */
export function markingKey(question: Question, quoted: (text: string) => string): readonly string[] {
  const chosen = (choices: readonly string[], indices: readonly number[]): string =>
    indices.map((index) => quoted(choices[index] ?? '')).join(', ');
  switch (question.kind) {
    case 'multiple_choice':
    case 'multiple_select': {
      const { choices, correctChoices } = question;
      const options = `Choices: ${choices.map(quoted).join(', ')}`;
      return correctChoices === undefined ? [options] : [options, `Correct: ${chosen(choices, correctChoices)}`];
    }
    case 'true_false':
      return [`Correct: ${question.correctAnswer}`];
    case 'numeric':
      return [`Correct: ${numericKey(question.numeric, quoted)}`];
    case 'ordering':
      return [`Correct order: ${chosen(question.choices, question.correctOrder)}`];
    case 'matching':
      return [`Correct pairs: ${question.pairs.map((pair) => pair.map(quoted).join(' -> ')).join(', ')}`];
    case 'cloze':
      return [`Blanks, in order: ${question.blanks.map(({ accept }) => accept.map(quoted).join(' or ')).join('; ')}`];
    case 'code':
    case 'essay':
    case 'problem_solving':
    case 'short_answer':
    case undefined:
      break;
  }
  return [];
}

function numericKey({ value, tolerance, toleranceMode, unit }: NumericKey, quoted: (text: string) => string): string {
  const margin = tolerance === undefined || toleranceMode === 'exact' ? '' : ` within ${tolerance}`;
  return (
    `${value}${unit === undefined ? '' : ` ${quoted(unit)}`}` +
    margin +
    (margin !== '' && toleranceMode === 'relative' ? ' of its size' : '')
  );
}
