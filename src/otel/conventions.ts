/**
 * Names of the OpenTelemetry conventions for generative AI, v0.1.0 (repository open-telemetry/semantic-conventions-genai, read on
 * 2026-12-01, docs/decisions/0041). All of them are in development there: a later version may rename them, and this file with it.
 */
export const GEN_AI = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  agent: 'gen_ai.agent.name',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  responseId: 'gen_ai.response.id',
  outputType: 'gen_ai.output.type',
  promptName: 'gen_ai.prompt.name',
  promptVersion: 'gen_ai.prompt.version',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_write.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  modality: 'gen_ai.token.modality',
  evaluationName: 'gen_ai.evaluation.name',
  evaluationValue: 'gen_ai.evaluation.score.value',
  evaluationLabel: 'gen_ai.evaluation.score.label',
  evaluationExplanation: 'gen_ai.evaluation.explanation',
} as const;

/** `error.type` of the general conventions: low cardinality, here a failure code. */
export const ERROR_TYPE = 'error.type';

/** The event of a grade. */
export const EVALUATION_EVENT = 'gen_ai.evaluation.result';

/** The instruments of the conventions. Units: seconds and `{token}`. */
export const GEN_AI_METRICS = {
  inferenceDuration: 'gen_ai.client.inference.duration',
  inputTokens: 'gen_ai.client.inference.usage.input_tokens',
  outputTokens: 'gen_ai.client.inference.usage.output_tokens',
  cacheReadTokens: 'gen_ai.client.inference.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.client.inference.usage.cache_write.input_tokens',
  reasoningTokens: 'gen_ai.client.inference.usage.reasoning.output_tokens',
  inputPerCall: 'gen_ai.client.inference.operation.input_tokens',
  outputPerCall: 'gen_ai.client.inference.operation.output_tokens',
  runDuration: 'gen_ai.invoke_agent.duration',
  runCalls: 'gen_ai.invoke_agent.inference_calls',
} as const;

/** The instruments for what the conventions do not name. */
export const OWN_METRICS = {
  answers: 'gradelanes.answers',
  answerDuration: 'gradelanes.answer.duration',
  answerQueued: 'gradelanes.answer.queue.duration',
  reviews: 'gradelanes.answers.needing_review',
  retries: 'gradelanes.call.retries',
  hedges: 'gradelanes.call.hedges',
  fallbacks: 'gradelanes.fallbacks',
  pauses: 'gradelanes.provider.pause.duration',
  limit: 'gradelanes.provider.limit',
  cost: 'gradelanes.run.cost',
} as const;

/** The bucket boundaries of `gen_ai.client.inference.duration`, in seconds. */
export const DURATION_BUCKETS: readonly number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
