import type { CallContext, GradingItem, ModelRequest } from '../contract/provider.js';
import type { Question } from '../contract/question.js';
import { toLines } from './to-lines.js';

/** What decides a grade. Rows of a database may carry more, such as names, which must not be written. */
const QUESTION_FIELDS = [
  'kind',
  'prompt',
  'referenceAnswers',
  'rubric',
  'scoreMaximum',
  'examples',
  'misconceptions',
  'graderInfo',
  'caseSensitive',
  'language',
  'choices',
  'correctChoices',
  'correctAnswer',
  'numeric',
  'correctOrder',
  'pairs',
  'blanks',
  'scoring',
];

/** What identifies a call to a language model. */
export function recordedModelRequest({ system, prompt, schemaName, schema }: ModelRequest): object {
  return { system: toLines(system), prompt: toLines(prompt), schemaName, schema };
}

/** What identifies a call to a provider of verdicts. */
export function recordedItems(items: readonly GradingItem[], { correction }: CallContext): object {
  const recorded = items.map(({ id, question, answer, context }) => ({
    id,
    question: recordedQuestion(question),
    answer: toLines(answer),
    context: context === undefined ? undefined : toLines(context),
  }));
  return { items: recorded, correction };
}

function recordedQuestion(question: Question): object {
  const fields = new Map(Object.entries(question));
  return Object.fromEntries(QUESTION_FIELDS.map((name) => [name, fields.get(name)]));
}
