import { estimatedTokens } from '../../contract/estimated-tokens.js';
import type { GradingItem } from '../../contract/provider.js';
import type { TokenUsage } from '../../contract/result.js';
import { canonicalText } from '../../json/canonical-text.js';
import { modelRequest } from '../../grading/prompt/ask-model.js';
import type { BoundProvider } from '../providers/bound-provider.js';

/** Characters a token takes on average: English, JSON and code, and every other script. */
const CHARACTERS_PER_TOKEN = 4.3;

const OTHER_CHARACTERS_PER_TOKEN = 1.7;

/** A verdict with its reason and feedback. Thinking comes on top, and no text tells how much. */
const TOKENS_PER_VERDICT = 50;

/** What vendors add around the texts of a call. */
const TOKENS_PER_CALL = 10;

/** A call as far as it decides what is spent. */
export interface PricedCall {
  readonly provider: BoundProvider;
  readonly items: readonly GradingItem[];
  readonly correction: string | undefined;
}

/** The tokens that a call will take, as far as its texts tell. */
export function estimateCall({ provider, items, correction }: PricedCall): TokenUsage {
  const texts =
    provider.prompt === undefined
      ? [plainText(items)]
      : textsOfRequest(modelRequest(items, provider.prompt, correction));
  const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), TOKENS_PER_CALL);
  return { inputTokens, outputTokens: TOKENS_PER_VERDICT * items.length };
}

function textsOfRequest({ system, prompt, schema }: ReturnType<typeof modelRequest>): readonly string[] {
  return [system, prompt, JSON.stringify(schema)];
}

/** Rows of a database may hold what JSON does not take; what only code can tell apart is no text. */
function plainText(value: unknown): string {
  return canonicalText(value, () => '');
}

function estimateTokens(text: string): number {
  const otherCount = text.match(/[^\0-\u024f]/g)?.length ?? 0;
  return Math.ceil((text.length - otherCount) / CHARACTERS_PER_TOKEN + otherCount / OTHER_CHARACTERS_PER_TOKEN);
}

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
    characters += plainText(question).length + answer.length;
    // A question's own material is in its text; the run's stands once in a prompt.
    if (context === undefined || question.context !== undefined || isMaterialCounted) continue;
    characters += context.length;
    isMaterialCounted = true;
  }
  const ownTokens = prompt === undefined ? 0 : TOKENS_PER_PROMPT;
  return ownTokens + estimatedTokens(characters) + TOKENS_RESERVED_PER_VERDICT * items.length;
}
