import {
  PROMPT_VERSION,
  type PromptGraderOptions,
  type PromptLayout,
  type PromptOptions,
} from '../../grading/prompt/prompt-grader-options.js';
import { bindProvider } from '../../grading/prompt/prompt-grader.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { GradingProvider, LimitKey, Provider, ProviderCapabilities } from '../../contract/provider.js';

/**
 * Bound provider: a provider as one run uses it, with its name, its prompt and its capabilities resolved. Made when the
 * run is opened, and not changed after.
 */
export interface BoundProvider {
  /** Position in the chain; -1 for a judge, who only gives further opinions. */
  readonly index: number;
  /** Name in results, events and messages. */
  readonly name: string;
  readonly provider: GradingProvider;
  readonly capabilities: ProviderCapabilities;
  /** Version of the prompt that wrote a grade, for results; `undefined` where the provider writes its own. */
  readonly promptVersion: string | undefined;
  /** Options by which the library writes the prompt; `undefined` for a provider that writes its own. */
  readonly prompt: (PromptGraderOptions & PromptLayout & { readonly draftVersion: string }) | undefined;
  /** True for a provider that works inside the process: it needs no shared slot, budget or deadline. */
  readonly isLocal: boolean;
  /** Names its grades in cache keys: its fingerprint, else the object that the user handed over. */
  readonly identity: object | string;
  /** Tells its door apart on a shared controller: its own key, else the object that the user handed over. */
  readonly limitKey: LimitKey | object;
}

/** Gives every provider of the chain its name and the run's prompt options. */
export function bindProviders(options: ResolvedOptions): readonly BoundProvider[] {
  return options.providers.map((provider, index) => bind(provider, index, options));
}

/** Binds the providers that only give further opinions. */
export function bindJudges(options: ResolvedOptions): readonly BoundProvider[] {
  return options.samples?.judges.map((judge) => bind(judge, -1, options)) ?? [];
}

/** Binds one provider. Its defaults are resolved here, so that no later step needs to ask again. */
function bind(provider: Provider, index: number, options: ResolvedOptions): BoundProvider {
  const { grader, promptVersion, prompt } = bindProvider(provider, promptOptions(options));
  const capabilities = grader.capabilities ?? {};
  return {
    index,
    name: grader.name ?? 'provider',
    provider: grader,
    capabilities,
    promptVersion,
    prompt: prompt && { ...prompt, draftVersion: PROMPT_VERSION },
    isLocal: capabilities.local === true,
    identity: provider.fingerprint ?? provider,
    limitKey: provider.limitKey ?? provider,
  };
}

/** The run's options that shape the prompt. */
export function promptOptions({ instructions, feedback, evidence }: ResolvedOptions): PromptOptions {
  return {
    instructions,
    feedback: feedback !== undefined,
    feedbackLanguage: feedback?.language,
    revealReference: feedback?.revealReference,
    evidence,
  };
}
