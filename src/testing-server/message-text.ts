import { isJsonObject, objectOf, objectsOf, type JsonObject } from '../json/untyped-json.js';

/** The text of a message's content: a string or a list of parts. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return objectsOf(content)
    .map((part) => (typeof part['text'] === 'string' ? part['text'] : ''))
    .join('\n');
}

/** Texts of the messages of some roles, joined by newlines. */
export function textOfRoles(messages: unknown, roles: readonly string[]): string {
  return objectsOf(messages)
    .filter(({ role }) => roles.includes(String(role)))
    .map(({ content }) => contentText(content))
    .join('\n');
}

/** A schema that a prompt carries as one line of compact JSON, as modes without an enforced schema do. */
export function schemaInText(text: string): JsonObject | undefined {
  const line = text.split('\n').findLast((each) => each.startsWith('{'));
  if (line === undefined) return undefined;
  try {
    const schema = objectOf(JSON.parse(line));
    return isJsonObject(schema['properties']) ? schema : undefined;
  } catch {
    return undefined;
  }
}
