import { assignDefined } from '../json/defined.js';
import { checkProviderOptions, oneOf, someObject, someText, wholeNumber } from '../input/option-rules.js';
import { readErrorShape } from '../vendor/error-shape.js';
import { GradingOptionsError, ProviderError } from '../contract/errors.js';
import { headerReader } from '../vendor/response-headers.js';
import type { CallContext, CallReport, LLMProvider, ModelRequest } from '../contract/provider.js';
import { reasoningRoom, systemWithSchema } from '../vendor/request-parts.js';
import { isJsonObject, objectOf, textOf, type JsonObject } from '../json/untyped-json.js';
import { reportHeaders } from '../vendor/call-vendor.js';
import { toProviderError } from '../vendor/to-provider-error.js';
import type { AiSdkCallOptions, AiSdkJson, AiSdkModel } from './ai-sdk-model.js';
import { finishReason, generatedReply, generatedUsage, ignoredSchema } from './generate-result.js';

/** How `aiSdkProvider` asks; `undefined` means the default. */
export interface AiSdkProviderOptions {
  /** Shown in results and errors. @default the model's `provider`, e.g. `openai.responses` */
  name?: string | undefined;
  /**
   * Names the grades in cache keys: change it with the model, its server and its settings. A model does not tell which
   * server it calls, so that no fingerprint can be made of it. @default none: grades stay with this provider object
   */
  fingerprint?: string | undefined;
  /**
   * Names the account whose limits the calls use up: providers of one name share pauses, rates and circuit on a
   * controller. @default the model object
   */
  limitKey?: string | undefined;
  /** Output tokens to leave for thinking, on top of the verdicts. @default 4096 */
  reasoningTokens?: number | undefined;
  /** `'prompt'` also writes the schema into the prompt, for models that do not enforce it. @default 'schema', until the model warns */
  outputMode?: 'schema' | 'prompt' | undefined;
  /** Passed on to the model, by provider; OpenAI's models are told not to store unless this says otherwise. */
  providerOptions?: { readonly [provider: string]: { readonly [option: string]: AiSdkJson } } | undefined;
}

/**
 * A provider over any language model of the Vercel AI SDK (specification V2, V3 or V4), without a dependency on it.
 * Every call is one `doGenerate` with the reply's JSON Schema; a model that warns that it cannot enforce the schema gets
 * it in the prompt from then on.
 *
 * @throws {GradingOptionsError} for a model or an option that makes no sense.
 *
 * @example
 * ```ts
 * import { createOpenAI } from '@ai-sdk/openai';
 * import { aiSdkProvider } from 'gradelanes/ai-sdk';
 *
 * const provider = aiSdkProvider(createOpenAI({ apiKey: 'test' })('gpt-6-luna'));
 * console.log(provider.name); // openai.responses
 * ```
 */
export function aiSdkProvider(model: AiSdkModel, options: AiSdkProviderOptions = {}): LLMProvider {
  checkAiSdkOptions(model, options);
  const { name = model.provider, outputMode } = options;
  let enforcesSchema = outputMode !== 'prompt';
  return {
    name,
    fingerprint: options.fingerprint,
    limitKey: options.limitKey ?? [model],
    capabilities: { feedback: true },
    generate: async (request, call) => {
      const result = await generate(model, callOptions(request, call, options, enforcesSchema), call, name);
      report(result, call);
      if (ignoredSchema(result)) enforcesSchema = false;
      if (finishReason(result) !== 'error') return generatedReply(result);
      throw new ProviderError('server', `${name} ended the reply with an error`);
    },
  };
}

function callOptions(
  request: ModelRequest,
  { signal }: CallContext,
  { reasoningTokens, providerOptions = {} }: AiSdkProviderOptions,
  enforcesSchema: boolean,
): AiSdkCallOptions {
  const isPlain = request.plainText === true;
  return {
    prompt: [
      { role: 'system', content: enforcesSchema && !isPlain ? request.system : systemWithSchema(request) },
      { role: 'user', content: [{ type: 'text', text: request.prompt }] },
    ],
    maxOutputTokens: request.maxOutputTokens + reasoningRoom(reasoningTokens, undefined),
    ...(!isPlain && { responseFormat: { type: 'json', schema: request.schema, name: request.schemaName } }),
    abortSignal: signal,
    providerOptions: { ...providerOptions, openai: { store: false, ...providerOptions['openai'] } },
  };
}

async function generate(
  model: AiSdkModel,
  options: AiSdkCallOptions,
  call: CallContext,
  name: string,
): Promise<JsonObject> {
  try {
    const result = await model.doGenerate(options);
    if (isJsonObject(result)) return result;
    throw new ProviderError('server', `${name} returned no result`);
  } catch (error) {
    reportHeaders(readErrorShape(error).header, call);
    throw toProviderError(error, call.signal, name);
  }
}

function report(result: JsonObject, call: CallContext): void {
  const response = objectOf(result['response']);
  reportHeaders(headerReader(response['headers']), call);
  call.report(assignDefined<CallReport>({}, { usage: generatedUsage(result), model: textOf(response['modelId']) }));
}

function checkAiSdkOptions(model: AiSdkModel, options: AiSdkProviderOptions): void {
  if (typeof objectOf(model)['doGenerate'] !== 'function') {
    const received = typeof model === 'string' ? 'a text' : typeof model;
    throw new GradingOptionsError(
      'model',
      "must be a language model of the AI SDK, such as openai('gpt-6-luna')",
      received,
    );
  }
  checkProviderOptions(options, {
    name: someText,
    fingerprint: someText,
    limitKey: someText,
    reasoningTokens: wholeNumber,
    outputMode: oneOf('schema', 'prompt'),
    providerOptions: someObject,
  });
}
