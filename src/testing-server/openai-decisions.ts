import { objectOf, objectsOf, textOf, type JsonObject } from '../json/untyped-json.js';
import type { Completion, Dialect } from './dialect.js';
import { readFramedAnswers } from './framed-answers.js';
import { contentText, textOfRoles } from './message-text.js';
import { invalidRequest, missingParameter, openaiWire } from './openai-wire.js';

const MOST_QUESTIONS = 400;

/**
 * OpenAI's decisions. Answers come from the score of each question's last framed answer; all probability lies on the
 * level or choice nearest to it.
 */
export const openaiDecisions: Dialect = {
  api: 'openai-decisions',
  path: '/v1/decisions',
  wire: openaiWire,
  check: (body) => {
    if (textOf(body['model']) === undefined) return missingParameter('model');
    if (body['input'] === undefined) return missingParameter('input');
    const questions = objectsOf(body['questions']);
    if (questions.length === 0 || questions.length > MOST_QUESTIONS) {
      return invalidRequest(`Invalid 'questions': expected 1 to ${MOST_QUESTIONS} items.`, 'questions');
    }
    const index = questions.findIndex(({ type, levels }) => {
      const count = objectsOf(levels).length;
      return type === 'score' && (count < 2 || count > 10);
    });
    return index === -1 ? undefined : invalidRequest('Expected 2 to 10 levels.', `questions[${index}].levels`);
  },
  read: (body) => ({
    system:
      typeof body['input'] === 'string' ? body['input'] : textOfRoles(body['input'], ['system', 'developer', 'user']),
    prompt: objectsOf(body['questions'])
      .map(({ instructions }) => contentText(instructions))
      .join('\n'),
    schema: undefined,
  }),
  draft: (body, score) => ({
    answers: objectsOf(body['questions']).map((question) => answerTo(question, score)),
  }),
  write: ({ text, model, usage, stop }) => ({
    answers: answersIn(text).map((answer) =>
      stop === 'end' ? answer : { type: 'refusal', name: answer['name'] ?? null },
    ),
    model,
    usage: {
      input_tokens: usage.inputTokens,
      input_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: usage.cacheWriteTokens },
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
      total_tokens: usage.inputTokens + usage.outputTokens,
    },
  }),
};

function answerTo(question: JsonObject, score: (text: string) => number): JsonObject {
  const instructions = contentText(question['instructions']);
  const text = readFramedAnswers('', instructions).at(-1)?.text ?? instructions;
  const share = Math.min(1, Math.max(0, score(text)));
  const name = textOf(question['name']) ?? null;
  if (question['type'] === 'predicate') return { type: 'predicate', name, probability: share };
  if (question['type'] === 'choice') {
    const values = objectsOf(question['choices']).map(({ value }) => value);
    const choice = values[Math.round((1 - share) * (values.length - 1))];
    const probabilities = values.map((value) => ({ value, probability: value === choice ? 1 : 0 }));
    return { type: 'choice', name, choice, confidence: 1, probabilities };
  }
  const levels = objectsOf(question['levels']);
  const level = Math.round(share * (levels.length - 1));
  const probabilities = levels.map(({ label }, value) => ({ label, value, probability: value === level ? 1 : 0 }));
  return { type: 'score', name, score: level, confidence: 1, probabilities };
}

function answersIn(text: Completion['text']): readonly JsonObject[] {
  try {
    return objectsOf(objectOf(JSON.parse(text))['answers']);
  } catch {
    return [];
  }
}
