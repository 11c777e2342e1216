import type { OpenAIProviderOptions } from './openai-provider-options.js';

/** How `openaiBulk` asks. Only `model` is required; `undefined` means the default. */
export interface OpenAIBulkOptions extends Omit<OpenAIProviderOptions, 'serviceTier'> {
  /** How the reply is held to its JSON Schema: the same for all, as no reply is seen in time. @default 'json_schema' */
  outputMode?: OpenAIProviderOptions['outputMode'];
  /**
   * The vendor deletes the files with requests and replies after so many days, collected or not: 1 to 30. A batch may
   * take a day itself. @default 7
   */
  keepFilesDays?: number | undefined;
}
