/** Sets the properties that have a value, so that a result holds no `undefined` and survives storage unchanged. */
export function assignDefined<Target extends object>(
  target: Target,
  extras: { [Key in keyof Target]?: Target[Key] | undefined },
): Target {
  for (const [key, value] of Object.entries(extras)) {
    if (value !== undefined) Reflect.set(target, key, value);
  }
  return target;
}
