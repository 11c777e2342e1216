import { antonymsOf } from './antonyms.js';
import type { PreparedText } from './prepared-text.js';
import { isSpellable } from './spelling-index.js';
import type { Token } from './tokenise.js';

/** How well the answer has a token of the model answer, and with which tokens of its own. */
export interface TokenMatch {
  /** 0..1, or -1 where the answer says something else in its place. */
  similarity: number;
  /** Empty where `similarity` is -1. */
  answerTokens: readonly Token[];
}

/** Words of a model answer that are looked for in other spellings. */
const WANTED_WORDS = 500;

/**
 * The tokens of a model answer that the answer has, by key: the same, written together or apart, or misspelt. Beside
 * them those that it contradicts: by the opposite word, or by another number than any that was to be expected.
 */
export function matchTokens(
  model: PreparedText,
  answer: PreparedText,
  prompt: PreparedText,
): ReadonlyMap<string, TokenMatch> {
  const matches = new Map<string, TokenMatch>();
  addCompounds(matches, model, answer);
  for (const key of model.tokens.keys()) {
    const same = answer.tokens.get(key);
    if (same !== undefined) matches.set(key, { similarity: 1, answerTokens: [same] });
  }
  if (model.profile === 'words') {
    addMisspelt(matches, model, answer, prompt);
    addContradicted(matches, model, answer, prompt);
  }
  return matches;
}

function addCompounds(matches: Map<string, TokenMatch>, model: PreparedText, answer: PreparedText): void {
  for (const key of model.tokens.keys()) {
    const apart = answer.compounds.get(key);
    if (apart !== undefined) matches.set(key, { similarity: 1, answerTokens: apart });
  }
  for (const [key, parts] of model.compounds) {
    const together = answer.tokens.get(key);
    if (together === undefined) continue;
    for (const part of parts) matches.set(part.key, { similarity: 1, answerTokens: [together] });
  }
}

function addMisspelt(
  matches: Map<string, TokenMatch>,
  model: PreparedText,
  answer: PreparedText,
  prompt: PreparedText,
): void {
  const wanted = [...model.tokens.values()].filter((token) => isSpellable(token) && !matches.has(token.key));
  // A word that stands in the question or elsewhere in the model answer is spelt as it was meant.
  const mayStandFor = ({ key }: Token): boolean => !model.tokens.has(key) && !prompt.tokens.has(key);
  for (const token of wanted.slice(0, WANTED_WORDS)) {
    const meant = answer.spellings.mostSimilar(token, mayStandFor);
    if (meant !== undefined) matches.set(token.key, { similarity: meant.similarity, answerTokens: [meant.token] });
  }
}

function addContradicted(
  matches: Map<string, TokenMatch>,
  model: PreparedText,
  answer: PreparedText,
  prompt: PreparedText,
): void {
  const isNew = (key: string): boolean => !model.tokens.has(key) && answer.tokens.has(key);
  const hasOtherNumber = [...answer.tokens.keys()].some(
    (key) => isNumber(key) && !model.tokens.has(key) && !prompt.tokens.has(key),
  );
  for (const key of model.tokens.keys()) {
    const isOtherNumber = hasOtherNumber && isNumber(key) && !prompt.tokens.has(key);
    const isContradicted = isOtherNumber || [...antonymsOf(key)].some(isNew);
    if (isContradicted && !matches.has(key)) matches.set(key, { similarity: -1, answerTokens: [] });
  }
}

function isNumber(key: string): boolean {
  return key.startsWith('#');
}
