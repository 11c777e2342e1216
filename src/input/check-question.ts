import { GradingOptionsError, isGradingOptionsError } from '../contract/errors.js';
import type { Question, QuestionKind } from '../contract/question.js';
import { isPlainQuestion, questionSchemas } from './answer-schemas.js';
import { checkFieldNames } from './check-field-names.js';
import { checkOptions } from './check-input.js';
import { fieldsOfAnyKind, questionFields } from './field-names.js';
import { describe } from './misuse.js';
import { nearestName } from './nearest-name.js';
import { checkMarks } from './question-marks.js';

/**
 * Checks a question before anybody answers it, as every grading function does: for card editors, imports and tests of a
 * question bank. Unknown fields are fine, since rows of a database have many, but near misses of known ones are not
 * (`maxScore` for `scoreMaximum`), nor is a rubric that does not sum to the question's `scoreMaximum`, nor an example
 * with more points than there are.
 *
 * @param value What should be a question, such as parsed JSON.
 * @returns A copy, typed and frozen, with all fields of the original.
 * @throws {GradingOptionsError} naming the first field that breaks its rule, such as `question.prompt`.
 *
 * @example
 * ```ts
 * import { checkQuestion, isGradingOptionsError } from 'gradelanes';
 *
 * try {
 *   checkQuestion({ prompt: 'Why does ice float?', maxScore: 2 });
 * } catch (error) {
 *   if (isGradingOptionsError(error)) console.log(error.message);
 *   // question.maxScore is no field of a question (did you mean scoreMaximum?): received 2
 * }
 * ```
 */
export function checkQuestion(value: unknown): Question {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GradingOptionsError('question', 'must be an object with a prompt', describe(value, 'question'));
  }
  return readQuestion(value, 'question');
}

/**
 * Checks a question and returns a frozen copy with all fields of the caller's, also those that only the caller's own
 * provider knows: the caller's object may change while a run goes on, and no provider may change what others are asked.
 *
 * @throws {GradingOptionsError} naming the field under `path` that breaks its rule.
 */
export function readQuestion(question: object, path: string): Question {
  try {
    return readableQuestion(question, path);
  } catch (error) {
    if (isGradingOptionsError(error)) throw error;
    throw new GradingOptionsError(path, 'must be readable', 'an object that throws when it is read');
  }
}

function readableQuestion(question: object, path: string): Question {
  const copy = readableCopy(question);
  if (isPlainQuestion(copy)) {
    const { referenceAnswers } = copy;
    return Object.freeze(referenceAnswers ? { ...copy, referenceAnswers: Object.freeze([...referenceAnswers]) } : copy);
  }
  const { kind }: { kind?: unknown } = question;
  const known = checkKind(question, kind, path);
  const checked = checkOptions(questionSchemas[known], question, path);
  checkMarks(checked, path);
  for (const part of Object.values(checked)) deepFreeze(part);
  // The schema of its kind says that the object is a question.
  return Object.freeze({ ...copy, ...checked }) as Question;
}

/** The kind whose rules hold, once its fields have the names that they should have. */
function checkKind(question: object, kind: unknown, path: string): QuestionKind {
  if (kind === undefined) {
    checkFieldNames(question, fieldsOfAnyKind, path);
    const [name, kinds] = fieldOfAnotherKind(question) ?? [];
    if (name === undefined) return 'short_answer';
    throw new GradingOptionsError(`${path}.kind`, `must be given beside ${name}: ${kinds}`, 'none');
  }
  if (!isQuestionKind(kind)) {
    const kinds = Object.keys(questionSchemas);
    const near = typeof kind === 'string' ? nearestName(kind, kinds) : undefined;
    const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
    throw new GradingOptionsError(`${path}.kind`, `must be one of ${kinds.join(', ')}${hint}`, describe(kind, 'kind'));
  }
  checkFieldNames(question, questionFields[kind], path);
  return kind;
}

/** Fields that only objective kinds have: without their kind, nobody would mark by them. */
const FIELDS_OF_KINDS: readonly (readonly [name: string, kinds: string, isMeant: (value: unknown) => boolean])[] = [
  ['choices', "'multiple_choice', 'multiple_select' or 'ordering'", isFilledList],
  ['correctChoices', "'multiple_choice' or 'multiple_select'", isFilledList],
  ['correctOrder', "'ordering'", isFilledList],
  ['correctAnswer', "'true_false'", (value) => typeof value === 'boolean'],
  ['numeric', "'numeric'", (value) => typeof value === 'object' && value !== null],
  ['pairs', "'matching'", isFilledList],
  ['blanks', "'cloze'", isFilledList],
];

function fieldOfAnotherKind(question: object): (typeof FIELDS_OF_KINDS)[number] | undefined {
  return FIELDS_OF_KINDS.find(([name, , isMeant]) => name in question && isMeant(Reflect.get(question, name)));
}

function isFilledList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** All that can be read; what is unknown here and throws when it is read, as lazy relations do, is left out. */
function readableCopy(question: object): object & { kind?: unknown; prompt?: unknown } {
  try {
    return { ...question };
  } catch {
    const readable = Object.keys(question).flatMap((name): [string, unknown][] => {
      try {
        return [[name, Reflect.get(question, name)]];
      } catch {
        return [];
      }
    });
    return Object.fromEntries(readable);
  }
}

/** Only for what a schema has copied. */
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const part of Object.values(value)) deepFreeze(part);
  Object.freeze(value);
}

function isQuestionKind(kind: unknown): kind is QuestionKind {
  return typeof kind === 'string' && Object.hasOwn(questionSchemas, kind);
}
