import type { AnswerToGrade, OrderingQuestion } from '../../contract/question.js';
import { foldText } from '../text/fold-text.js';
import { splitParts, withoutNumbering } from './answer-parts.js';
import { createOptionReader, namedOptions } from './option-reader.js';
import { partedScore, type RuleOutcome } from './rule-outcome.js';

const INLINE_SEPARATOR = / ?(?:->|=>|→|⇒|>|,) ?/;

/** Options in order: the share of places that hold the right option, or all or nothing. */
export function gradeOrdering(question: OrderingQuestion, answer: AnswerToGrade['answer']): RuleOutcome {
  const { choices, correctOrder, scoring } = question;
  const order = orderOf(question, answer);
  if (order === undefined) return undefined;
  // By text, so that equal options may change places.
  return partedScore(
    correctOrder.map((index, place) => choices[index] === choices[order[place] ?? -1]),
    scoring,
  );
}

/** The options in the learner's order; undefined unless there are as many as asked for and all differ. */
function orderOf(question: OrderingQuestion, answer: AnswerToGrade['answer']): readonly number[] | undefined {
  const { choices, caseSensitive = false, correctOrder } = question;
  const count = correctOrder.length;
  const parts = typeof answer === 'string' ? partsOf(answer, choices, count) : answer;
  if (parts.length === 0 || parts.length !== count || new Set(correctOrder).size !== count) return undefined;
  const read = createOptionReader(choices, caseSensitive);
  const order =
    namedOptions(parts, choices, read) ?? namedOptions(withoutNumbering(parts.map(String)) ?? [], choices, read);
  return order !== undefined && new Set(order).size === count ? order : undefined;
}

function partsOf(answer: string, choices: readonly string[], count: number): readonly string[] {
  const parts = splitParts(answer);
  if (parts.length === count || choices.some((choice) => INLINE_SEPARATOR.test(choice))) return parts;
  return foldText(answer, { caseSensitive: true }).split(INLINE_SEPARATOR);
}
