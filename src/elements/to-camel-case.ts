/** The same data with the names that TypeScript uses, `null` as `undefined`. What has those names already stays as it is. */
export function toCamelCase(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(toCamelCase);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      toCamelCase(each),
    ]),
  );
}
