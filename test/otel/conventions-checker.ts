// Holds what was exported against the conventions for generative AI v0.1.0: names from the model files of the registry.
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

type Kind = 'string' | 'int' | 'double';

/** Attributes of the registry that a text or a number may stand for, with their types. */
const attributeTypes: Readonly<Record<string, Kind>> = {
  'gen_ai.operation.name': 'string',
  'gen_ai.provider.name': 'string',
  'gen_ai.agent.name': 'string',
  'gen_ai.request.model': 'string',
  'gen_ai.response.model': 'string',
  'gen_ai.response.id': 'string',
  'gen_ai.output.type': 'string',
  'gen_ai.prompt.name': 'string',
  'gen_ai.prompt.version': 'string',
  'gen_ai.usage.input_tokens': 'int',
  'gen_ai.usage.output_tokens': 'int',
  'gen_ai.usage.cache_read.input_tokens': 'int',
  'gen_ai.usage.cache_write.input_tokens': 'int',
  'gen_ai.usage.reasoning.output_tokens': 'int',
  'gen_ai.token.modality': 'string',
  'gen_ai.evaluation.name': 'string',
  'gen_ai.evaluation.score.value': 'double',
  'gen_ai.evaluation.score.label': 'string',
  'gen_ai.evaluation.explanation': 'string',
  'error.type': 'string',
};

/** Instruments of the registry: unit, and attributes that every measurement must have. */
const instruments: Readonly<Record<string, { unit: string; required: readonly string[] }>> = {
  'gen_ai.client.inference.duration': { unit: 's', required: ['gen_ai.operation.name', 'gen_ai.provider.name'] },
  'gen_ai.client.inference.usage.input_tokens': tokens(),
  'gen_ai.client.inference.usage.output_tokens': tokens(),
  'gen_ai.client.inference.usage.cache_read.input_tokens': tokens(),
  'gen_ai.client.inference.usage.cache_write.input_tokens': tokens(),
  'gen_ai.client.inference.usage.reasoning.output_tokens': tokens(),
  'gen_ai.client.inference.operation.input_tokens': perCall(),
  'gen_ai.client.inference.operation.output_tokens': perCall(),
  'gen_ai.invoke_agent.duration': { unit: 's', required: [] },
  'gen_ai.invoke_agent.inference_calls': { unit: '{call}', required: [] },
};

function tokens(): { unit: string; required: readonly string[] } {
  return { unit: '{token}', required: ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.token.modality'] };
}

function perCall(): { unit: string; required: readonly string[] } {
  return { unit: '{token}', required: ['gen_ai.operation.name', 'gen_ai.provider.name'] };
}

/** Every breach, in words. */
export function violationsOf(
  spans: readonly ReadableSpan[],
  records: readonly ReadableLogRecord[],
  metrics: readonly MetricData[],
): readonly string[] {
  return [...spans.flatMap(ofSpan), ...records.flatMap(ofRecord), ...metrics.flatMap(ofMetric)];
}

function ofSpan({ name, kind, attributes, status }: ReadableSpan): readonly string[] {
  const operation = attributes['gen_ai.operation.name'];
  const found = ofAttributes(name, attributes);
  if (operation === 'chat') {
    if (kind !== SpanKind.CLIENT) found.push(`${name}: must be a CLIENT span`);
    const model = attributes['gen_ai.request.model'];
    if (name !== (model === undefined ? 'chat' : `chat ${String(model)}`)) found.push(`${name}: is no name of a call`);
    found.push(...missing(name, attributes, ['gen_ai.provider.name']));
  }
  if (operation === 'invoke_workflow') {
    if (kind !== SpanKind.INTERNAL) found.push(`${name}: must be an INTERNAL span`);
    if (name !== `invoke_workflow ${String(attributes['gen_ai.agent.name'])}`)
      found.push(`${name}: is no name of a run`);
  }
  if ((status.code === SpanStatusCode.ERROR) !== 'error.type' in attributes)
    found.push(`${name}: an error has a type, and nothing else`);
  return found;
}

function ofRecord({ eventName = '', attributes }: ReadableLogRecord): readonly string[] {
  const found = ofAttributes(eventName, attributes);
  if (eventName !== 'gen_ai.evaluation.result') found.push(`${eventName}: is no event of the registry`);
  found.push(...missing(eventName, attributes, ['gen_ai.evaluation.name']));
  if (!('error.type' in attributes) && !('gen_ai.evaluation.score.value' in attributes)) {
    found.push(`${eventName}: has neither a value nor an error`);
  }
  return found;
}

function ofMetric({ descriptor: { name, unit }, dataPoints }: MetricData): readonly string[] {
  const known = instruments[name];
  if (known === undefined) return name.startsWith('gen_ai.') ? [`${name}: is no instrument of the registry`] : [];
  const wrongUnit = unit === known.unit ? [] : [`${name}: has the unit ${unit}`];
  return [
    ...wrongUnit,
    ...dataPoints.flatMap(({ attributes }) => [
      ...ofAttributes(name, attributes),
      ...missing(name, attributes, known.required),
    ]),
  ];
}

function ofAttributes(where: string, attributes: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(attributes).flatMap(([name, value]) => {
    if (name.startsWith('gradelanes.')) return [];
    const kind = attributeTypes[name];
    if (kind === undefined) return [`${where}: ${name} is no attribute of the registry`];
    const isRight = kind === 'string' ? typeof value === 'string' : typeof value === 'number';
    const isWhole = kind !== 'int' || Number.isInteger(value);
    return isRight && isWhole ? [] : [`${where}: ${name} must be a ${kind}`];
  });
}

function missing(where: string, attributes: object, names: readonly string[]): readonly string[] {
  return names.filter((name) => !(name in attributes)).map((name) => `${where}: ${name} is missing`);
}
