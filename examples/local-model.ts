// A model in the process: any GGUF file through llama.cpp. npm install node-llama-cpp, then
// node examples/local-model.ts model.gguf
import { ProviderError, type LLMProvider } from 'gradelanes';

/** Settings of {@link localModel}. */
export interface LocalModelOptions {
  /** Tokens that prompt and reply may have together; more takes more memory. @default 4_096 */
  contextSize?: number;
  /** Threads that compute, at most the cores that nothing else needs: they spin while they wait. @default all cores */
  threads?: number;
  /** False lets the model write what it likes: what small models make of it is in docs/local-models.md. @default true */
  enforcesSchema?: boolean;
}

/** A GGUF model as a provider; one call at a time, the shared beginning of prompts kept in its context. */
export async function localModel(
  modelPath: string,
  { contextSize = 4_096, threads, enforcesSchema = true }: LocalModelOptions = {},
): Promise<LLMProvider & { close(): Promise<void> }> {
  const { getLlama, LlamaChatSession } = await import('node-llama-cpp');
  const llama = await getLlama({ gpu: 'auto', logLevel: 'error' });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize, ...(threads !== undefined && { threads }) });
  const sequence = context.getSequence();
  const { filename = 'llama.cpp' } = model;
  return {
    name: 'llama.cpp',
    fingerprint: `llama.cpp ${filename}`,
    capabilities: { maxConcurrency: 1, maxItemsPerCall: 1, enforcesSchema },
    generate: async ({ system, prompt, schema, maxOutputTokens }, { signal, report }) => {
      // llama.cpp makes room by forgetting the beginning of a prompt: rather none than a mark from half a question.
      const needed = model.tokenize(system).length + model.tokenize(prompt).length + maxOutputTokens;
      if (needed > contextSize)
        throw new ProviderError('too_large', `${needed} tokens, the context has ${contextSize}`);
      const session = new LlamaChatSession({ contextSequence: sequence, systemPrompt: system });
      const { usedInputTokens, usedOutputTokens } = sequence.tokenMeter;
      const grammar = enforcesSchema ? { grammar: await llama.createGrammarForJsonSchema(schema) } : {};
      const { responseText, stopReason } = await session
        .promptWithMeta(prompt, { ...grammar, maxTokens: maxOutputTokens, temperature: 0, signal })
        .finally(() => session.dispose());
      const inputTokens = sequence.tokenMeter.usedInputTokens - usedInputTokens;
      const outputTokens = sequence.tokenMeter.usedOutputTokens - usedOutputTokens;
      report({ model: filename, usage: { inputTokens, outputTokens } });
      return { text: responseText, stop: stopReason === 'maxTokens' ? 'length' : 'end' };
    },
    close: () => llama.dispose(),
  };
}

if (import.meta.main) {
  const { gradeAnswersWithFallback } = await import('gradelanes');
  const [, , path = 'model.gguf'] = process.argv;
  const provider = await localModel(path);
  const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
  const answers = ['because it is less dense', 'because it is cold'].map((answer) => ({ question, answer }));
  const { results } = await gradeAnswersWithFallback(answers, { provider, attemptTimeoutMs: 120_000 });
  for (const result of results)
    console.log(result.status === 'graded' ? `${result.scaledScore} ${result.feedback}` : result.error.message);
  await provider.close();
}
