/** How `openaiDecisionsProvider` asks; `undefined` means the default. */
export interface OpenAIDecisionsProviderOptions {
  /** @default 'gpt-6-luna', the only model there is */
  model?: string | undefined;
  /** The teacher's own marking instructions. The run's `instructions` reach prompts only. */
  instructions?: string | undefined;
  /** Routes requests with the same material to the same prompt cache. */
  cacheKey?: string | undefined;
  /** Shown in results and errors. @default 'openai-decisions' */
  name?: string | undefined;
}
