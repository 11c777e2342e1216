import type { GradingProvider, LLMProvider, Provider } from '../../contract/provider.js';
import { askModel } from './ask-model.js';
import type { WrittenSystems } from './write-prompt.js';
import { PROMPT_VERSION, type PromptGraderOptions, type PromptOptions } from './prompt-grader-options.js';

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
  return createGrader(llm, options);
}

function createGrader(llm: LLMProvider, options: PromptGraderOptions, written?: WrittenSystems): GradingProvider {
  const grader: GradingProvider = {
    name: llm.name,
    fingerprint: llm.fingerprint,
    capabilities: { feedback: true, ...llm.capabilities },
    grade: (items, call) => askModel(llm, items, options, call, written),
  };
  made.set(grader, { llm, options });
  return grader;
}

/** The provider as a run uses it: a model gets the prompt grader, and prompt graders get the run's options. */
export function bindProvider(
  provider: Provider,
  run: PromptOptions,
): { grader: GradingProvider; promptVersion?: string; prompt?: PromptGraderOptions } {
  const own = 'grade' in provider ? made.get(provider) : { llm: provider, options: {} };
  if (own === undefined) return { grader: provider as GradingProvider };
  const options = { ...run, ...definedOnly(own.options) };
  // A run has copies of its own of all questions.
  return {
    grader: createGrader(own.llm, options, new WeakMap()),
    promptVersion: promptVersionOf(options),
    prompt: options,
  };
}

/** The same provider, except that each of its calls first waits for `beforeCall`. */
export function withBeforeCall(provider: Provider, beforeCall: () => Promise<void>): Provider {
  const own = 'grade' in provider ? made.get(provider) : undefined;
  if (own !== undefined) {
    // The options of a run still reach its prompt.
    return promptGrader(withBeforeCall(own.llm, beforeCall) as LLMProvider, own.options);
  }
  const { name, fingerprint, capabilities } = provider;
  const waiting = async <T>(call: () => Promise<T>): Promise<T> => {
    await beforeCall();
    return call();
  };
  return 'grade' in provider
    ? { name, fingerprint, capabilities, grade: (items, call) => waiting(() => provider.grade(items, call)) }
    : { name, fingerprint, capabilities, generate: (request, call) => waiting(() => provider.generate(request, call)) };
}

function promptVersionOf({ promptVersion, prompt }: PromptGraderOptions): string {
  return promptVersion ?? (prompt === undefined ? PROMPT_VERSION : `${PROMPT_VERSION}-custom`);
}

function definedOnly<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
