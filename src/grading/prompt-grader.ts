import { ProviderError } from '../core/errors.js';
import type {
  CallContext,
  GradingItem,
  GradingProvider,
  LLMProvider,
  ModelReply,
  ModelRequest,
  Provider,
  Verdict,
} from '../core/provider.js';
import { PROMPT_VERSION, writePrompt, type Prompt, type PromptOptions } from './prompt.js';
import { readReply } from './read-reply.js';
import { REPLY_SCHEMA_NAME, replySchema } from './reply-schema.js';

/** Room for the JSON around the verdicts and for a wordy model, in tokens. */
const OUTPUT_BASE_TOKENS = 256;

/** Room for one verdict; one with both texts at their full length takes about 90 tokens. */
const OUTPUT_TOKENS_PER_ITEM = 128;

/** How a prompt grader asks. What is left out here is taken from the run's own options. */
export interface PromptGraderOptions extends PromptOptions {
  /** Changes the prompt before it is sent; the `<answer>` frames must stay as they are. */
  prompt?: ((draft: Prompt, items: readonly GradingItem[]) => Prompt) | undefined;
  /** Names a changed prompt in every grade. @default the library's prompt version, with `-custom` for a `prompt` hook */
  promptVersion?: string | undefined;
}

/** What was handed to {@link promptGrader}, so that a run can add its own options. */
const made = new WeakMap<GradingProvider, { llm: LLMProvider; options: PromptGraderOptions }>();

/**
 * Makes a grading provider of a language model: writes the prompt, asks with a JSON schema and reads the reply
 * strictly. The engine does this by itself for every `LLMProvider`; call it to change the prompt.
 *
 * The reply is `{"results":[{"key","why","feedback","levels","confidence","flags"}]}`: `levels` holds one integer from 0
 * to 5 per criterion (one in all without a rubric), `confidence` 0..100; all but `levels` may be left out, and so may
 * `key` where a single answer was asked.
 *
 * @param llm The model.
 * @param options Instructions, feedback and a hook on the prompt.
 * @returns A provider that throws a `ProviderError` for replies it cannot read.
 *
 * @example
 * ```ts
 * import { gradeAnswer, promptGrader } from 'gradelanes';
 *
 * const llm = { generate: async () => '{"results":[{"levels":[4],"feedback":"Nearly."}]}' };
 * const provider = promptGrader(llm, { instructions: 'Be strict about units.' });
 * const result = await gradeAnswer({ question: { prompt: 'How fast does it fall?' }, answer: '9.8' }, { provider });
 * console.log(result.status); // graded
 * ```
 */
export function promptGrader(llm: LLMProvider, options: PromptGraderOptions = {}): GradingProvider {
  const grader: GradingProvider = {
    name: llm.name,
    fingerprint: llm.fingerprint,
    capabilities: { feedback: true, ...llm.capabilities },
    grade: async (items, call) => {
      const reply = await llm.generate(requestFor(items, options, call), call);
      return readModelReply(reply, items);
    },
  };
  made.set(grader, { llm, options });
  return grader;
}

/** The provider as a run uses it: a model gets the prompt grader, and prompt graders get the run's options. */
export function bindProvider(
  provider: Provider,
  run: PromptOptions,
): { grader: GradingProvider; promptVersion?: string } {
  const own = 'grade' in provider ? made.get(provider) : { llm: provider, options: {} };
  if (own === undefined) return { grader: provider as GradingProvider };
  const options = { ...run, ...definedOnly(own.options) };
  return { grader: promptGrader(own.llm, options), promptVersion: promptVersionOf(options) };
}

function promptVersionOf({ promptVersion, prompt }: PromptGraderOptions): string {
  return promptVersion ?? (prompt === undefined ? PROMPT_VERSION : `${PROMPT_VERSION}-custom`);
}

function requestFor(items: readonly GradingItem[], options: PromptGraderOptions, call: CallContext): ModelRequest {
  const draft = writePrompt(items, options);
  const { system, prompt } = options.prompt?.(draft, items) ?? draft;
  const isRepeated = call.correction !== undefined;
  return {
    system,
    prompt: isRepeated ? `${prompt}\n\n${correctionText(call.correction)}` : prompt,
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

function readModelReply(reply: ModelReply | string, items: readonly GradingItem[]): readonly Verdict[] {
  const { text, stop = 'end' } = typeof reply === 'string' ? { text: reply } : reply;
  if (stop === 'refusal') throw new ProviderError('refused', 'the model declined to grade');
  if (stop === 'filter') throw new ProviderError('refused', 'a content filter stopped the reply');
  try {
    return readReply(text, items);
  } catch (error) {
    if (stop !== 'length') throw error;
    throw new ProviderError('truncated', 'the reply was cut off at the output limit', { cause: error });
  }
}

function definedOnly<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
