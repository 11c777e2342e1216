import type { AnswerToGrade, NumericKey, NumericQuestion } from '../../contract/question.js';
import { foldText } from '../fold-text.js';
import { compareUnits } from './compare-units.js';
import { isPercent, type NumberReading, parseNumber } from './parse-number.js';
import type { RuleOutcome } from './rule-outcome.js';
import { singleText } from './single-text.js';
import { isWithinTolerance } from './within-tolerance.js';

/** A number, with a tolerance and a unit if wanted. */
export function gradeNumeric(question: NumericQuestion, answer: AnswerToGrade['answer']): RuleOutcome {
  const reading = readAnswer(answer, question.language);
  if (reading === undefined || isEcho(question, answer)) return undefined;
  const key = question.numeric;
  const unit = key.unit?.trim() ?? '';
  if (reading.percentage !== undefined) return gradePercentage(reading.value, reading.percentage, key, unit);
  if (!Number.isFinite(reading.value)) return 0;
  if (reading.unit !== '' || unit !== '') return gradeQuantity(reading, key, unit);
  return mark(isWithinTolerance(reading.value, key));
}

function readAnswer(answer: AnswerToGrade['answer'], language: string | undefined): NumberReading | undefined {
  const text = singleText(answer);
  if (text !== undefined) return parseNumber(text, language);
  const [value] = answer;
  return answer.length === 1 && typeof value === 'number' && !Number.isNaN(value) ? { value, unit: '' } : undefined;
}

/** Whether the learner hands back an expression of the question: 3/4 is no answer to "Write 3/4 as a decimal". */
function isEcho({ prompt }: NumericQuestion, answer: AnswerToGrade['answer']): boolean {
  const text = foldText(singleText(answer) ?? '', { caseSensitive: false });
  return /\d ?[/%^×·*]|\de/.test(text) && foldText(prompt, { caseSensitive: false }).includes(text);
}

/** 50% is 0.5, and 50 where the key is in percent; next to a bare key of 50 it could be either. */
function gradePercentage(share: number, percentage: number, key: NumericKey, unit: string): RuleOutcome {
  if (isPercent(unit)) return mark(isWithinTolerance(percentage, key));
  if (unit !== '') return undefined;
  if (isWithinTolerance(share, key)) return 1;
  return isWithinTolerance(percentage, key) ? 'The number is right if percent was meant.' : 0;
}

/** The right number with a wrong unit is wrong; another unit of the same quantity may be right. */
function gradeQuantity(reading: NumberReading, key: NumericKey, unit: string): RuleOutcome {
  if (unit === '') return undefined;
  const isSameNumber = isWithinTolerance(reading.value, key);
  if (reading.unit === '') return `The unit is missing. The number is ${isSameNumber ? 'right' : 'wrong'}.`;
  const relation = compareUnits(reading.unit, unit);
  if (relation === 'unknown') return undefined;
  if (relation === 'same') return mark(isSameNumber);
  if (relation === 'other') return 0;
  const isSameAmount = isWithinTolerance(reading.value * relation.factor, key);
  if (isSameNumber && !isSameAmount) return 0;
  return `In the unit of the key the number is ${isSameAmount ? 'right' : 'wrong'}.`;
}

function mark(isRight: boolean): number {
  return isRight ? 1 : 0;
}
