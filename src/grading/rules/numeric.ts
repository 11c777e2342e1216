import type { AnswerToGrade, NumericKey, NumericQuestion } from '../../contract/question.js';
import { foldText } from '../text/fold-text.js';
import { singleText } from './answer-parts.js';
import { isPercent, type NumberReading, parseNumber } from './numbers.js';
import type { RuleOutcome } from './rule-outcome.js';
import { compareUnits } from './units.js';

/**
 * A number, with a tolerance and a unit if wanted. One that is wrong as the question's language writes numbers, but right
 * as another does, is not marked wrong: "1.234" may well be 1234.
 */
export function gradeNumeric(question: NumericQuestion, answer: AnswerToGrade['answer']): RuleOutcome {
  const outcome = gradeReading(question, answer, question.language);
  if (outcome !== 0) return outcome;
  const isRightElsewhere = NOTATIONS.some((language) => gradeReading(question, answer, language) === 1);
  return isRightElsewhere ? 'As other countries write numbers, it is right.' : 0;
}

/** One language for each way of writing decimals and thousands: 1,234.5 and 1.234,5. */
const NOTATIONS: readonly string[] = ['en', 'de'];

function gradeReading(
  question: NumericQuestion,
  answer: AnswerToGrade['answer'],
  language: string | undefined,
): RuleOutcome {
  const reading = readAnswer(answer, language);
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

// Decimal fractions are not exact in binary: allow the rounding of a few operations, far below any written digit.
const ROUNDING = 4 * Number.EPSILON;

/** Whether a value is the key's, or within its tolerance, bounds included. Infinity never is. */
function isWithinTolerance(value: number, key: NumericKey): boolean {
  if (!Number.isFinite(value)) return false;
  if (value === key.value) return true;
  const allowed = allowedDistance(key);
  if (allowed === 0 && Number.isInteger(value) && Number.isInteger(key.value)) return false;
  const rounding = ROUNDING * Math.max(Math.abs(value), Math.abs(key.value), allowed);
  return Math.abs(value - key.value) <= allowed + rounding;
}

function allowedDistance({ value, tolerance = 0, toleranceMode = 'absolute' }: NumericKey): number {
  if (toleranceMode === 'exact') return 0;
  return toleranceMode === 'relative' ? tolerance * Math.abs(value) : tolerance;
}
