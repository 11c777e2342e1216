import type { ModelRequest } from '../contract/provider.js';
import { objectOf } from '../json/untyped-json.js';

/** How hard a model thinks; vendors take a subset each. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** Output tokens that a model may think with, on top of the verdicts. An estimate: vendors publish no figures. */
const ROOM: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};

/** Enough for models that think a little unasked; a cap costs nothing until it is used. */
const ROOM_BY_DEFAULT = 4_096;

/** The room to leave for thinking: what was asked for, else by effort. Thinking counts against the output limit. */
export function reasoningRoom(reasoningTokens: number | undefined, effort: ReasoningEffort | undefined): number {
  return reasoningTokens ?? (effort === undefined ? ROOM_BY_DEFAULT : ROOM[effort]);
}

/**
 * The system text for modes that do not enforce the schema: it comes last, as one line of compact JSON. The word JSON
 * must be there too, as some servers refuse their JSON mode without it.
 */
export function systemWithSchema({ system, schema }: Pick<ModelRequest, 'system' | 'schema'>): string {
  return `${system}\n\nReply with one JSON object that fits this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`;
}

/**
 * The request with the keys of the call enumerated in its schema, so that a small model cannot miscopy one. Not for the
 * two vendors: they compile every schema, keep it for a day and begin their prompt caches with it, and the keys of each
 * call are others.
 */
export function withKeysEnumerated(request: ModelRequest): ModelRequest {
  const { schema, itemIds } = request;
  const results = objectOf(objectOf(schema['properties'])['results']);
  const entry = objectOf(results['items']);
  const properties = objectOf(entry['properties']);
  if (!('key' in properties) || itemIds.length === 0) return request;
  const keyed = { ...entry, properties: { ...properties, key: { type: 'string', enum: itemIds } } };
  return { ...request, schema: { ...schema, properties: { results: { ...results, items: keyed } } } };
}
