import {
  PROMPT_VERSION,
  type PromptGraderOptions,
  type PromptLayout,
  type PromptOptions,
} from '../../grading/prompt/prompt-grader-options.js';
import { bindProvider } from '../../grading/prompt/prompt-grader.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { GradingProvider, LimitKey, Provider, ProviderCapabilities } from '../../contract/provider.js';

/** A provider as one run uses it. */
export interface BoundProvider {
  /** Position in the chain; -1 for a judge, who only gives further opinions. */
  readonly index: number;
  readonly name: string;
  readonly provider: GradingProvider;
  readonly capabilities: ProviderCapabilities;
  readonly promptVersion: string | undefined;
  /** How the library writes the prompt for it; `undefined` for one that writes its own. */
  readonly prompt: (PromptGraderOptions & PromptLayout & { readonly draftVersion: string }) | undefined;
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

/** The same for those who only give further opinions. */
export function bindJudges(options: ResolvedOptions): readonly BoundProvider[] {
  return options.samples?.judges.map((judge) => bind(judge, -1, options)) ?? [];
}

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

/** What a run's options ask of the prompt. */
export function promptOptions({ instructions, feedback, evidence }: ResolvedOptions): PromptOptions {
  return {
    instructions,
    feedback: feedback !== undefined,
    feedbackLanguage: feedback?.language,
    revealReference: feedback?.revealReference,
    evidence,
  };
}
