import type { AnswerToReview } from './review-client-options.js';

/** Gives the key for a set of answers to a card; a new one where they are to be graded anew. */
export type KeyFor = (
  sessionId: string,
  cardId: string,
  answers: readonly AnswerToReview[],
  isAnew: boolean | undefined,
) => string;

/** Cards whose last answers are held. */
const MAX_CARDS = 20;

/**
 * Keys that stay the same for a card of a session until one of its answers changes: whatever is sent again, in whichever
 * mode and in whichever parts, is not graded again.
 */
export function idempotencyKeys(): KeyFor {
  const sets = new Map<string, { key: string; answers: Map<number, string> }>();
  return (sessionId, cardId, answers, isAnew) => {
    const name = JSON.stringify([sessionId, cardId]);
    const texts = answers.map(({ questionIndex, answer }) => [questionIndex, JSON.stringify(answer)] as const);
    const known = sets.get(name);
    const isKnown = !isAnew && known && texts.every(([index, text]) => (known.answers.get(index) ?? text) === text);
    const set = isKnown ? known : { key: randomKey(), answers: new Map<number, string>() };
    for (const [index, text] of texts) set.answers.set(index, text);
    sets.delete(name);
    sets.set(name, set);
    const [oldest = name] = sets.keys();
    if (sets.size > MAX_CARDS) sets.delete(oldest);
    return set.key;
  };
}

/** Not `crypto.randomUUID()`, which pages without TLS do not have. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}
