import type { GradingProvider, LLMProvider, Provider } from '../../contract/provider.js';
import { endOf } from '../../contract/run-ended.js';
import { askModel } from './ask-model.js';
import type { WrittenSystems } from './write-prompt.js';
import {
  PROMPT_VERSION,
  type PromptGraderOptions,
  type PromptLayout,
  type PromptOptions,
} from './prompt-grader-options.js';

/**
 * Identity of what {@link promptGrader} made: how it is bound to a run. It lives on the object under a registered symbol,
 * so that a second copy of this package knows it, and wrappers such as those of `gradelanes/testing` can pass it on.
 */
const BIND = Symbol.for('gradelanes.bindToRun');

/** A provider as a run uses it. */
export interface BoundGrader {
  readonly grader: GradingProvider;
  readonly promptVersion?: string;
  readonly prompt?: PromptGraderOptions & PromptLayout;
}

interface Bindable {
  readonly [BIND]?: (run: PromptOptions) => BoundGrader;
}

/**
 * Makes a grading provider of a language model: writes the prompt, asks with a JSON schema and reads the reply
 * strictly. The engine does this by itself for every `LLMProvider`; call it to change the prompt.
 *
 * The reply is `{"results":[{"key","why","evidence","levels","confidence","flags","feedback"}]}`: `levels` holds one integer
 * per criterion (one in all without a rubric), from 0 to 5 or as high as the criterion's own levels or key points;
 * `why` and `evidence` hold a text each, `confidence` is 0..100. All but `levels` may be left out, and so may `key` where
 * a single answer was asked; `why` may be one text for all criteria.
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
  const bind = (run: PromptOptions): BoundGrader => {
    const bound = { ...run, ...definedOnly(options) };
    // A run has copies of its own of all questions.
    const grader = createGrader(llm, bound, new WeakMap());
    return { grader, promptVersion: promptVersionOf(bound), prompt: { ...layoutFor(llm), ...bound } };
  };
  return Object.defineProperty({ ...createGrader(llm, options), ...endOf(llm) }, BIND, { value: bind });
}

function createGrader(llm: LLMProvider, options: PromptGraderOptions, written?: WrittenSystems): GradingProvider {
  return {
    name: llm.name,
    fingerprint: llm.fingerprint,
    limitKey: llm.limitKey ?? [llm],
    capabilities: { feedback: true, ...llm.capabilities },
    grade: (items, call) => askModel(llm, items, { ...layoutFor(llm), ...options }, call, written),
  };
}

/** The provider as a run uses it: a model gets the prompt grader, and prompt graders get the run's options. */
export function bindProvider(provider: Provider, run: PromptOptions): BoundGrader {
  const grader = 'grade' in provider ? provider : promptGrader(provider);
  return (grader as Bindable)[BIND]?.(run) ?? { grader };
}

/** A wrapper around a provider of verdicts that a run's options still reach: what is bound to the run is wrapped. */
export function wrapGrader<Wrapped extends GradingProvider>(
  inner: GradingProvider,
  wrap: (inner: GradingProvider) => Wrapped,
): Wrapped {
  const wrapped = wrap(inner);
  const bind = (inner as Bindable)[BIND];
  if (bind === undefined) return wrapped;
  return Object.defineProperty(wrapped, BIND, {
    value: (run: PromptOptions): BoundGrader => {
      const bound = bind(run);
      return { ...bound, grader: wrap(bound.grader) };
    },
  });
}

/** The layout that suits a model, as far as its provider tells. */
function layoutFor({ capabilities = {} }: LLMProvider): PromptLayout {
  return { namesShape: capabilities.showsSchema !== true, isBesideAnswers: capabilities.readsFar !== true };
}

/** The same provider, except that each of its calls first waits for `beforeCall`. */
export function withBeforeCall(provider: Provider, beforeCall: () => Promise<void>): Provider {
  const { name, fingerprint, limitKey = [provider], capabilities } = provider;
  const shared = { name, fingerprint, limitKey, capabilities };
  const waiting = async <T>(call: () => Promise<T>): Promise<T> => {
    await beforeCall();
    return call();
  };
  return 'grade' in provider
    ? wrapGrader(provider, (inner) => ({ ...shared, grade: (items, call) => waiting(() => inner.grade(items, call)) }))
    : { ...shared, generate: (request, call) => waiting(() => provider.generate(request, call)) };
}

function promptVersionOf({ promptVersion, prompt }: PromptGraderOptions): string {
  return promptVersion ?? (prompt === undefined ? PROMPT_VERSION : `${PROMPT_VERSION}-custom`);
}

function definedOnly<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
