import { PROMPT_VERSION, type PromptGraderOptions } from '../grading/prompt-grader-options.js';
import { bindProvider } from '../grading/prompt-grader.js';
import type { ResolvedOptions } from './options.js';
import type { GradingProvider, ProviderCapabilities } from './provider.js';

/** A provider as one run uses it. */
export interface BoundProvider {
  /** Position in the chain. */
  readonly index: number;
  readonly name: string;
  readonly grader: GradingProvider;
  readonly capabilities: ProviderCapabilities;
  readonly promptVersion: string | undefined;
  /** How the library writes the prompt for it; `undefined` for one that writes its own. */
  readonly prompt: (PromptGraderOptions & { readonly draftVersion: string }) | undefined;
  readonly isLocal: boolean;
  /** What tells it apart on a shared controller: its fingerprint, else the object that the user handed over. */
  readonly identity: object | string;
}

/** Gives every provider of a run its name and the run's prompt options. */
export function bindProviders({ providers, instructions, feedback }: ResolvedOptions): readonly BoundProvider[] {
  const runPrompt = {
    instructions,
    feedback: feedback !== undefined,
    feedbackLanguage: feedback?.language,
    revealReference: feedback?.revealReference,
  };
  return providers.map((provider, index) => {
    const { grader, promptVersion, prompt } = bindProvider(provider, runPrompt);
    const capabilities = grader.capabilities ?? {};
    return {
      index,
      name: grader.name ?? 'provider',
      grader,
      capabilities,
      promptVersion,
      prompt: prompt && { ...prompt, draftVersion: PROMPT_VERSION },
      isLocal: capabilities.local === true,
      identity: provider.fingerprint ?? provider,
    };
  });
}
