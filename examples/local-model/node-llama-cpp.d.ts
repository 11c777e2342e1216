/** The part of node-llama-cpp that the example uses, so that it compiles without 700 MB of llama.cpp in this project. */
declare module 'node-llama-cpp' {
  interface LlamaGrammar {
    readonly grammar: string;
  }
  interface Llama {
    loadModel(options: { modelPath: string }): Promise<LlamaModel>;
    createGrammarForJsonSchema(schema: object): Promise<LlamaGrammar>;
    dispose(): Promise<void>;
  }
  interface LlamaModel {
    readonly filename?: string;
    tokenize(text: string): readonly number[];
    createContext(options: { contextSize?: number; threads?: number }): Promise<LlamaContext>;
  }
  interface LlamaContext {
    readonly contextSize: number;
    getSequence(): LlamaContextSequence;
  }
  interface LlamaContextSequence {
    readonly tokenMeter: { readonly usedInputTokens: number; readonly usedOutputTokens: number };
  }
  class LlamaChatSession {
    constructor(options: { contextSequence: LlamaContextSequence; systemPrompt: string });
    promptWithMeta(
      prompt: string,
      options: { grammar?: LlamaGrammar; maxTokens: number; temperature: number; signal: AbortSignal },
    ): Promise<{ responseText: string; stopReason: string }>;
    dispose(): void;
  }
  function getLlama(options: { gpu?: 'auto' | false; logLevel?: 'error' }): Promise<Llama>;
}
