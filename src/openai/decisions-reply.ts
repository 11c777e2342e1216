import type { GradingItem, Verdict } from '../contract/provider.js';
import { countOf, objectsOf, type JsonObject } from '../json/untyped-json.js';
import { decisionName } from './decisions-request.js';

/** One verdict per item that was answered. Answers come in the order of the questions and carry their names. */
export function decisionVerdicts(reply: JsonObject, items: readonly GradingItem[]): readonly Verdict[] {
  const answers = objectsOf(reply['answers']);
  return items.flatMap(({ id }, index) => {
    const named = answers.find(({ name }) => name === decisionName(index));
    const answer = named ?? answers.filter(({ name }) => name === null || name === undefined)[index];
    return answer === undefined ? [] : [verdictOf(answer, id)];
  });
}

function verdictOf(answer: JsonObject, id: string): Verdict {
  if (answer['type'] === 'refusal') return { id, refused: true };
  const score = expectedShare(objectsOf(answer['probabilities']));
  if (score === undefined) return { id, malformed: 'the decision held no probabilities' };
  return { id, score, confidence: countOf(answer['confidence']) };
}

/** The mean of the levels by probability, 0..1: a level's value is its place in the list. */
function expectedShare(levels: readonly JsonObject[]): number | undefined {
  const probabilities = levels.map(({ probability }) => countOf(probability) ?? Number.NaN);
  const total = probabilities.reduce((sum, each) => sum + each, 0);
  if (!(total > 0) || levels.length < 2) return undefined;
  const weighted = probabilities.reduce((sum, each, level) => sum + each * level, 0);
  return weighted / total / (levels.length - 1);
}
