export { aiSdkProvider, type AiSdkProviderOptions } from './ai-sdk/ai-sdk-provider.js';
export type { AiSdkCallOptions, AiSdkJson, AiSdkModel } from './ai-sdk/ai-sdk-model.js';
