import { criteriaInPrompt } from '../../grading/prompt/read-criteria.js';
import type { ModelReply, ModelRequest } from '../../contract/provider.js';

/** The highest level of a criterion that describes none. */
const TOP_LEVEL = 5;

/**
 * Writes the reply of a model that gives every item of the request the same score, 0..1: that share of every criterion,
 * and no fault.
 */
export function gradedReply(request: ModelRequest, score: number): ModelReply {
  const questions = criteriaInPrompt(request.system, request.prompt);
  const results = request.itemIds.map((key) => {
    const criteria = questions.get(questionNumberOf(key, request.prompt)) ?? [{ isFault: false, topLevel: TOP_LEVEL }];
    const levels = criteria.map(({ isFault, topLevel }) => (isFault ? 0 : Math.round(score * topLevel)));
    return { key, feedback: 'scripted', levels, confidence: 100 };
  });
  return { text: JSON.stringify({ results }) };
}

/** Empty where there is only one. */
function questionNumberOf(key: string, prompt: string): string {
  const [, rest = ''] = prompt.split(`"${key}" question="`);
  return /^\d+/.exec(rest)?.[0] ?? '';
}
