import { estimatedTokens } from '../../contract/estimated-tokens.js';
import type { GradingItem } from '../../contract/provider.js';
import type { TokenUsage } from '../../contract/result.js';
import { canonicalText } from '../../json/canonical-text.js';
import { modelRequest } from '../../grading/prompt/ask-model.js';
import type { BoundProvider } from '../providers/bound-provider.js';

/** Characters per token, on average, of English, JSON and code. */
const CHARACTERS_PER_TOKEN = 4.3;

/** Characters per token, on average, of every other script. */
const OTHER_CHARACTERS_PER_TOKEN = 1.7;

/** Output tokens of a verdict with its reason and feedback. Thinking comes on top, and no text tells how much. */
const TOKENS_PER_VERDICT = 50;

/** Input tokens that vendors add around the texts of a call. */
const TOKENS_PER_CALL = 10;

/** A call as far as it decides what is spent. */
export interface PricedCall {
  readonly provider: BoundProvider;
  readonly items: readonly GradingItem[];
  readonly correction: string | undefined;
}

/**
 * The tokens that a call will take, as far as its texts tell, for budgets. Writes the prompt, where the library does
 * that, and counts its characters.
 */
export function estimateCall({ provider, items, correction }: PricedCall): TokenUsage {
  const texts =
    provider.prompt === undefined
      ? [plainText(items)]
      : textsOfRequest(modelRequest(items, provider.prompt, correction));
  const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), TOKENS_PER_CALL);
  return { inputTokens, outputTokens: TOKENS_PER_VERDICT * items.length };
}

/** The texts that the vendor counts as input. */
function textsOfRequest({ system, prompt, schema }: ReturnType<typeof modelRequest>): readonly string[] {
  return [system, prompt, JSON.stringify(schema)];
}

/**
 * A value as text. Rows of a database may hold what JSON does not take; a value that only code can tell apart, such as
 * a function, is no text.
 */
function plainText(value: unknown): string {
  return canonicalText(value, () => '');
}

/**
 * Tokens of a text, by script: of characters up to U+024F, which are Latin letters and ASCII, more come to a token than
 * of all others.
 */
function estimateTokens(text: string): number {
  const otherCount = text.match(/[^\0-\u024f]/g)?.length ?? 0;
  return Math.ceil((text.length - otherCount) / CHARACTERS_PER_TOKEN + otherCount / OTHER_CHARACTERS_PER_TOKEN);
}

/** Output tokens that a rate limit is charged for each verdict, before the call's usage is known. */
const TOKENS_RESERVED_PER_VERDICT = 100;

/** Tokens of the library's own part of a prompt: its policy and the form of the reply. */
const TOKENS_PER_PROMPT = 250;

/**
 * Tokens that a call about these items takes, as far as its texts tell, for rate limits. Cheaper and coarser than
 * `estimateCall`: counts characters and writes no prompt.
 */
export function tokensOfCall(
  { prompt }: Pick<BoundProvider, 'prompt'>,
  items: readonly GradingItem[],
  instructions: string = '',
): number {
  let characters = instructions.length;
  let isMaterialCounted = false;
  for (const { question, answer, context } of items) {
    characters += plainText(question).length + answer.length;
    // A question's own material is in its text; the run's stands once in a prompt.
    if (context === undefined || question.context !== undefined || isMaterialCounted) continue;
    characters += context.length;
    isMaterialCounted = true;
  }
  const ownTokens = prompt === undefined ? 0 : TOKENS_PER_PROMPT;
  return ownTokens + estimatedTokens(characters) + TOKENS_RESERVED_PER_VERDICT * items.length;
}
