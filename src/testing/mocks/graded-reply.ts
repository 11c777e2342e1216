import type { ModelReply, ModelRequest } from '../../contract/provider.js';

/** The highest level of a criterion in a reply. */
const MAXIMUM_LEVEL = 5;

/**
 * Writes the reply of a model that gives every item of the request the same score, 0..1: that share of every criterion,
 * and no fault.
 */
export function gradedReply(request: ModelRequest, score: number): ModelReply {
  const level = Math.round(score * MAXIMUM_LEVEL);
  const questions = criteriaOf(request.system);
  const results = request.itemIds.map((key) => {
    const criteria = questions[questionIndexOf(key, request.prompt)] ?? [];
    const levels = criteria.length === 0 ? [level] : criteria.map(({ isFault }) => (isFault ? 0 : level));
    return { key, feedback: 'scripted', levels, confidence: 100 };
  });
  return { text: JSON.stringify({ results }) };
}

/** A reply has one level per criterion, or one for the whole answer; only the prompt says which. */
function criteriaOf(system: string): readonly (readonly { isFault: boolean }[])[] {
  return system
    .split('\n\n')
    .filter((section) => /^Question( \d+)?: /.test(section))
    .map((section) => section.split('\n').filter((line) => /^Criterion \d+: /.test(line)))
    .map((lines) => lines.map((line) => ({ isFault: /\(a fault that costs [^"]*\)$/.test(line) })));
}

function questionIndexOf(key: string, prompt: string): number {
  const [, number = '1'] = prompt.split(`"${key}" question="`);
  return Number.parseInt(number, 10) - 1;
}
