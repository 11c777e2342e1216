import type { ModelRequest } from '../contract/provider.js';

/**
 * The system text for modes that do not enforce the schema: it comes last, as one line of compact JSON. The word JSON
 * must be there too, as some servers refuse their JSON mode without it.
 */
export function systemWithSchema({ system, schema }: Pick<ModelRequest, 'system' | 'schema'>): string {
  return `${system}\n\nReply with one JSON object that fits this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`;
}
