/** What the adapter hands to `doGenerate`: a part of the call options that V2, V3 and V4 share. */
export interface AiSdkCallOptions {
  prompt: ({ role: 'system'; content: string } | { role: 'user'; content: { type: 'text'; text: string }[] })[];
  maxOutputTokens: number;
  responseFormat?: { type: 'json'; schema?: { [key: string]: unknown }; name?: string };
  abortSignal: AbortSignal;
  providerOptions?: { [provider: string]: { [option: string]: AiSdkJson } };
}

/** Plain JSON, as provider options are. */
export type AiSdkJson = null | string | number | boolean | AiSdkJson[] | { [key: string]: AiSdkJson };

/** The part of an AI SDK language model (`LanguageModelV2`, `V3` or `V4`) that is used. */
export interface AiSdkModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: AiSdkCallOptions): PromiseLike<unknown>;
}
