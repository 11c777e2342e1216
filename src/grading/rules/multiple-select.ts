import type { AnswerToGrade, MultipleSelectQuestion } from '../../contract/question.js';
import { foldText } from '../text/fold-text.js';
import { splitParts } from './answer-parts.js';
import { createOptionReader, namedOptions, type OptionReader, readBareLabel } from './option-reader.js';
import type { RuleOutcome, RulePart } from './rule-outcome.js';

const LIST_SEPARATOR = / ?[,&] ?(?:(?:and|und) )?| (?:\+|and|und|et|y|en|og|och) /i;

/** Any number of options: right minus wrong, floored at 0, as a share of the right ones; or all or nothing. */
export function gradeMultipleSelect(question: MultipleSelectQuestion, answer: AnswerToGrade['answer']): RuleOutcome {
  const { choices, correctChoices, caseSensitive = false, scoring } = question;
  const read = createOptionReader(choices, caseSensitive);
  const named = namedOptions(typeof answer === 'string' ? partsOf(answer, choices, read) : answer, choices, read);
  const [chosen, correct] = [new Set(named), new Set(correctChoices)];
  const isContradictory = choices.some((choice, index) => correct.has(index) !== correct.has(choices.indexOf(choice)));
  if (named === undefined || isContradictory || (chosen.size === 0 && correct.size > 0)) return undefined;
  const right = [...chosen].filter((index) => correct.has(index)).length;
  const isPerfect = right === chosen.size && right === correct.size;
  const isAllOrNothing = scoring === 'all_or_nothing' || correct.size === 0;
  const wrong = chosen.size - right;
  const share = isAllOrNothing ? 0 : Math.max(0, right - wrong) / correct.size;
  const parts = choices.map((_, index) => {
    return partOf(correct.has(index), chosen.has(index), correct.size, isAllOrNothing && !isPerfect);
  });
  return { score: isPerfect ? 1 : share, parts };
}

/** An option earns its share where it is right and chosen, and costs as much where it is wrong and chosen. */
function partOf(isRight: boolean, isChosen: boolean, rightCount: number, isWorthless: boolean): RulePart {
  const worth = rightCount === 0 ? 0 : 1 / rightCount;
  const signed = isRight ? worth : -worth;
  return {
    isCorrect: isRight === isChosen,
    share: isChosen && !isWorthless ? signed : 0,
    maximum: isRight ? worth : 0,
  };
}

/** The parts that may name an option each; the whole text when it is none. */
function partsOf(answer: string, choices: readonly string[], read: OptionReader): readonly string[] {
  const parts = splitParts(answer);
  if (parts.length === 0 || parts.length > choices.length || read(answer).length > 0) return [answer];
  return parts.flatMap((part) => (read(part).length > 0 ? [part] : listItems(part, choices)));
}

/** Commas and "and" separate options that contain neither, and labels always. */
function listItems(part: string, choices: readonly string[]): readonly string[] {
  const items = foldText(part, { caseSensitive: true }).split(LIST_SEPARATOR);
  if (items.length > choices.length) return [part];
  const isSplittable = choices.every((choice) => !LIST_SEPARATOR.test(foldText(choice, { caseSensitive: true })));
  return isSplittable || items.every((item) => readBareLabel(item) !== undefined) ? items : [part];
}
