import { ProviderError } from '../../contract/errors.js';
import type {
  CallContext,
  GradingItem,
  LLMProvider,
  ModelReply,
  ModelRequest,
  Verdict,
} from '../../contract/provider.js';
import type { PromptGraderOptions } from './prompt-grader-options.js';
import { writePrompt, type WrittenSystems } from './write-prompt.js';
import { readReply } from './read-reply.js';
import { REPLY_SCHEMA_NAME, replySchema } from './reply-schema.js';

/** Room for the JSON around the verdicts and for a wordy model, in tokens. */
const OUTPUT_BASE_TOKENS = 256;

/** Room for one verdict; one with both texts at their full length takes about 90 tokens. */
const OUTPUT_TOKENS_PER_ITEM = 128;

/**
 * Asks a model about answers and reads its verdicts.
 *
 * @throws {ProviderError} `refused`, `truncated` or `malformed` for a reply that holds no verdicts.
 */
export async function askModel(
  llm: LLMProvider,
  items: readonly GradingItem[],
  options: PromptGraderOptions,
  call: CallContext,
  written?: WrittenSystems,
): Promise<readonly Verdict[]> {
  const reply = await llm.generate(modelRequest(items, options, call.correction, written), call);
  return readModelReply(reply, items);
}

/** What a model is asked about some answers, and once more after a reply that could not be used. */
export function modelRequest(
  items: readonly GradingItem[],
  options: PromptGraderOptions,
  correction?: string,
  written?: WrittenSystems,
): ModelRequest {
  const draft = writePrompt(items, options, written);
  const { system, prompt } = options.prompt?.({ system: draft.system, prompt: draft.prompt }, items) ?? draft;
  const isSharedKept = options.prompt === undefined || system.startsWith(draft.system.slice(0, draft.sharedCharacters));
  const isRepeated = correction !== undefined;
  return {
    system,
    ...(isSharedKept && { sharedCharacters: draft.sharedCharacters }),
    prompt: isRepeated ? `${prompt}\n\n${correctionText(correction)}` : prompt,
    schema: replySchema(options.feedback ?? true),
    schemaName: REPLY_SCHEMA_NAME,
    itemIds: items.map(({ id }) => id),
    // A reply that was cut off gets twice the room the second time.
    maxOutputTokens: (OUTPUT_BASE_TOKENS + OUTPUT_TOKENS_PER_ITEM * items.length) * (isRepeated ? 2 : 1),
  };
}

function correctionText(correction = ''): string {
  return `Your last reply was rejected: ${correction}. Reply again, only with the JSON that was asked for.`;
}

/**
 * The verdicts in a model's reply.
 *
 * @throws {ProviderError} `refused`, `truncated` or `malformed` for a reply that holds none.
 */
export function readModelReply(reply: ModelReply | string, items: readonly GradingItem[]): readonly Verdict[] {
  const { text, stop = 'end' } = replyOf(reply);
  if (stop === 'refusal') throw new ProviderError('refused', 'the model declined to grade');
  if (stop === 'filter') throw new ProviderError('refused', 'a content filter stopped the reply');
  try {
    return readReply(text, items);
  } catch (error) {
    if (stop !== 'length') throw error;
    throw new ProviderError('truncated', 'the reply was cut off at the output limit', { cause: error });
  }
}

/** A model in plain JavaScript may return anything. */
function replyOf(reply: ModelReply | string): ModelReply {
  const { text, stop } = typeof reply === 'string' ? { text: reply } : Object(reply);
  if (typeof text !== 'string' && stop !== 'refusal' && stop !== 'filter') {
    throw new ProviderError('malformed', 'the reply held no text');
  }
  return { text, stop };
}
