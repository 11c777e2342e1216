import { matchTokens, type TokenMatch } from './match-tokens.js';
import type { PreparedText } from './prepared-text.js';
import type { Token } from './tokenise.js';

/** How an answer compares with one model answer. */
export interface Comparison {
  /** 0..1 */
  similarity: number;
  /** What the model answer adds to the question, and the answer has. */
  found: readonly Token[];
  /** What the model answer adds to the question, and the answer lacks. */
  missing: readonly Token[];
  /** The answer's own words behind `found`. */
  learnerWords: readonly string[];
  /** One of the two negates and the other does not. */
  negationMismatch: boolean;
  /** The answer has the opposite of a word of the model answer, or another number. */
  contradicts: boolean;
}

const SHARE = { recall: 0.4, trigrams: 0.25, keyWords: 0.2, f1: 0.15 };
const FUNCTION_WORD_WEIGHT = 0.1;
const PROMPT_WORD_FACTOR = 0.25;
const NEGATION_MISMATCH_FACTOR = 0.85;

/**
 * Similarity of an answer to a model answer, without training: the weighted share of the model answer's words that the
 * answer has, the share of its character trigrams, the share of the words that it adds to the question, and the
 * harmonic mean of both directions. Function words count a tenth, the question's own words a quarter; a word that the
 * answer contradicts counts against it; a negation on one side only costs 15 percent.
 */
export function compareTexts(model: PreparedText, answer: PreparedText, prompt: PreparedText): Comparison {
  const matches = matchTokens(model, answer, prompt);
  const keyTokens = keyTokensOf(model, prompt);
  const isFound = ({ key }: Token): boolean => (matches.get(key)?.similarity ?? 0) > 0;
  const found = keyTokens.filter(isFound);
  const negationMismatch = model.negationCount % 2 !== answer.negationCount % 2;
  return {
    similarity: overlap(model, answer, prompt, matches, keyTokens) * (negationMismatch ? NEGATION_MISMATCH_FACTOR : 1),
    found,
    missing: keyTokens.filter((token) => !isFound(token)),
    learnerWords: learnerWordsFor(found, matches),
    negationMismatch,
    contradicts: [...matches.values()].some(({ similarity }) => similarity < 0),
  };
}

/** The content that a text adds to the question; where it adds none, all its content; where it has none, all of it. */
function keyTokensOf(model: PreparedText, prompt: PreparedText): readonly Token[] {
  const tokens = [...model.tokens.values()];
  const content = tokens.filter((token) => token.isContent);
  const added = content.filter((token) => !prompt.tokens.has(token.key));
  return [added, content, tokens].find((candidates) => candidates.length > 0) ?? [];
}

function overlap(
  model: PreparedText,
  answer: PreparedText,
  prompt: PreparedText,
  matches: ReadonlyMap<string, TokenMatch>,
  keyTokens: readonly Token[],
): number {
  const similarityOf = (token: Token): number => matches.get(token.key)?.similarity ?? 0;
  const recall = Math.max(0, weightedShare(model, prompt, similarityOf));
  const used = bestUseOfAnswer(matches);
  const precision = weightedShare(answer, prompt, (token) => used.get(token.key) ?? 0);
  const keyWords = keyTokens.reduce((sum, token) => sum + similarityOf(token), 0) / Math.max(1, keyTokens.length);
  return (
    SHARE.recall * recall +
    SHARE.trigrams * sharedTrigrams(model, answer) +
    SHARE.keyWords * Math.max(0, keyWords) +
    SHARE.f1 * harmonicMean(recall, precision)
  );
}

function weightedShare(text: PreparedText, prompt: PreparedText, similarityOf: (token: Token) => number): number {
  let total = 0;
  let shared = 0;
  for (const token of text.tokens.values()) {
    const weight =
      (token.isContent ? 1 : FUNCTION_WORD_WEIGHT) * (prompt.tokens.has(token.key) ? PROMPT_WORD_FACTOR : 1);
    total += weight;
    shared += weight * similarityOf(token);
  }
  return total === 0 ? 0 : shared / total;
}

function bestUseOfAnswer(matches: ReadonlyMap<string, TokenMatch>): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const { similarity, answerTokens } of matches.values()) {
    for (const { key } of answerTokens) used.set(key, Math.max(similarity, used.get(key) ?? 0));
  }
  return used;
}

function sharedTrigrams(model: PreparedText, answer: PreparedText): number {
  let shared = 0;
  for (const trigram of model.trigrams) if (answer.trigrams.has(trigram)) shared += 1;
  return model.trigrams.size === 0 ? 0 : shared / model.trigrams.size;
}

function harmonicMean(left: number, right: number): number {
  return left + right === 0 ? 0 : (2 * left * right) / (left + right);
}

function learnerWordsFor(found: readonly Token[], matches: ReadonlyMap<string, TokenMatch>): readonly string[] {
  const words = found.flatMap((token) => matches.get(token.key)?.answerTokens.map(({ text }) => text) ?? []);
  return [...new Set(words)];
}
