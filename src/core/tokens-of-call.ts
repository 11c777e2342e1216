import type { BoundProvider } from '../engine/providers/bound-provider.js';
import { estimatedTokens } from '../contract/estimated-tokens.js';
import type { GradingItem } from '../contract/provider.js';

/** What a call is taken to cost for each verdict, before its usage is known. */
const TOKENS_RESERVED_PER_VERDICT = 100;

/** What the library itself writes into a prompt: its policy and the form of the reply. */
const TOKENS_PER_PROMPT = 250;

/** Tokens that a call about these items takes, as far as its texts tell. Counts characters and writes no prompt: cheap. */
export function tokensOfCall(
  { prompt }: Pick<BoundProvider, 'prompt'>,
  items: readonly GradingItem[],
  instructions: string = '',
): number {
  let characters = instructions.length;
  let isMaterialCounted = false;
  for (const { question, answer, context } of items) {
    characters += JSON.stringify(question).length + answer.length;
    // A question's own material is in its text; the run's stands once in a prompt.
    if (context === undefined || question.context !== undefined || isMaterialCounted) continue;
    characters += context.length;
    isMaterialCounted = true;
  }
  const ownTokens = prompt === undefined ? 0 : TOKENS_PER_PROMPT;
  return ownTokens + estimatedTokens(characters) + TOKENS_RESERVED_PER_VERDICT * items.length;
}
