import type { AnswerToReview } from './review-client-options.js';

/** Gives the key for a set of answers to a card. */
export type KeyFor = (sessionId: string, cardId: string, answers: readonly AnswerToReview[]) => string;

/**
 * Keys that stay the same for a card of a session until one of its answers changes: whatever is sent again, in whichever
 * mode and in whichever parts, is not graded again.
 */
export function idempotencyKeys(): KeyFor {
  const sets = new Map<string, { key: string; answers: Map<number, string> }>();
  return (sessionId, cardId, answers) => {
    const name = JSON.stringify([sessionId, cardId]);
    const texts = answers.map(({ questionIndex, answer }) => [questionIndex, JSON.stringify(answer)] as const);
    const known = sets.get(name);
    const isKnown = known !== undefined && texts.every(([index, text]) => (known.answers.get(index) ?? text) === text);
    const set = isKnown ? known : { key: randomKey(), answers: new Map<number, string>() };
    for (const [index, text] of texts) set.answers.set(index, text);
    sets.set(name, set);
    return set.key;
  };
}

/** Not `crypto.randomUUID()`, which pages without TLS do not have. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}
