import { ProviderError } from '../../contract/errors.js';
import type {
  CallContext,
  GradingItem,
  LLMProvider,
  ModelReply,
  ModelRequest,
  Verdict,
} from '../../contract/provider.js';
import type { PromptGraderOptions, PromptLayout } from './prompt-grader-options.js';
import { plainLine } from '../../json/plain-line.js';
import { quoted } from './quoted.js';
import { writePrompt, type WrittenSystems } from './write-prompt.js';
import { CUT_OFF, isUnreadable, NO_TEXT } from './reply-faults.js';
import { readReply } from './read-reply.js';
import { REPLY_SCHEMA_NAME, replySchema } from './reply-schema.js';

/** Room for the JSON around the verdicts and for a wordy model, in tokens. */
const OUTPUT_BASE_TOKENS = 256;

/** Room for one verdict: key, feedback, confidence and flags take about 50 tokens in English, more in other scripts. */
const OUTPUT_TOKENS_PER_ITEM = 96;

/** Room for the reason, quote and level of one criterion, about 30 tokens in English. */
const OUTPUT_TOKENS_PER_CRITERION = 64;

/** What was wrong with a reply is told in so many characters. */
const LONGEST_CORRECTION = 200;

/**
 * Asks a model about answers and reads its verdicts.
 *
 * @throws {ProviderError} `refused`, `truncated` or `malformed` for a reply that holds no verdicts.
 */
export async function askModel(
  llm: LLMProvider,
  items: readonly GradingItem[],
  options: PromptGraderOptions & PromptLayout,
  call: CallContext,
  written?: WrittenSystems,
): Promise<readonly Verdict[]> {
  const reply = await llm.generate(modelRequest(items, options, call.correction, written), call);
  return readModelReply(reply, items);
}

/** What a model is asked about some answers, and once more after a reply that could not be used. */
export function modelRequest(
  items: readonly GradingItem[],
  options: PromptGraderOptions & PromptLayout,
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
    schema: replySchema(items, options),
    schemaName: REPLY_SCHEMA_NAME,
    ...(isUnreadable(correction) && { plainText: true }),
    itemIds: items.map(({ id }) => id),
    // A reply that was cut off gets twice the room the second time.
    maxOutputTokens: roomFor(items) * (isRepeated ? 2 : 1),
  };
}

function roomFor(items: readonly GradingItem[]): number {
  const criteria = items.reduce((sum, { question }) => sum + Math.max(1, question.rubric?.criteria.length ?? 1), 0);
  return OUTPUT_BASE_TOKENS + OUTPUT_TOKENS_PER_ITEM * items.length + OUTPUT_TOKENS_PER_CRITERION * criteria;
}

/** Quoted and cut: a provider of the user's own may have put the model's words, or a learner's, into its message. */
function correctionText(correction = ''): string {
  const reason = quoted(plainLine(correction, LONGEST_CORRECTION));
  return `Your last reply was rejected: ${reason}. Reply again, only with the JSON that was asked for.`;
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
    throw new ProviderError('truncated', CUT_OFF, { cause: error });
  }
}

/** A model in plain JavaScript may return anything. */
function replyOf(reply: ModelReply | string): ModelReply {
  const { text, stop } = typeof reply === 'string' ? { text: reply } : Object(reply);
  if (typeof text !== 'string' && stop !== 'refusal' && stop !== 'filter') {
    throw new ProviderError('malformed', NO_TEXT);
  }
  return { text, stop };
}
