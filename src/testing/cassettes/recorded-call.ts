import type { CallContext, GradingItem, ModelReply, ModelRequest, Verdict } from '../../contract/provider.js';
import type { Question } from '../../contract/question.js';
import type { Json } from './cassette.js';

/** A reply as a cassette holds it: compact JSON as that JSON, other text as lines. */
interface RecordedReply {
  json?: Json;
  text?: string | readonly string[];
  stop?: ModelReply['stop'];
}

export function encodeReply(reply: ModelReply | string): RecordedReply {
  const { text, stop } = typeof reply === 'string' ? { text: reply } : reply;
  const json = compactJson(text);
  return { ...(json === undefined ? { text: toLines(text) } : { json }), stop };
}

export function decodeReply(recorded: Json): ModelReply {
  // What encodeReply wrote.
  const { json, text = '', stop } = recorded as RecordedReply;
  if (json !== undefined) return { text: JSON.stringify(json), stop };
  return { text: typeof text === 'string' ? text : text.join('\n'), stop };
}

export function decodeVerdicts(recorded: Json): readonly Verdict[] {
  // What the provider returned when it was recorded.
  return recorded as unknown as readonly Verdict[];
}

/** Only text that is written again as it was: spaces and the order of keys count. */
function compactJson(text: string): Json | undefined {
  try {
    const json = JSON.parse(text) as Json;
    return JSON.stringify(json) === text ? json : undefined;
  } catch {
    return undefined;
  }
}

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

/** A text of several lines as a list of them: readable in a file and in its diff. */
function toLines(text: string): string | readonly string[] {
  return text.includes('\n') ? text.split('\n') : text;
}
