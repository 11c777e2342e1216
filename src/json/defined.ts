/** Sets the properties that have a value, so that a result holds no `undefined` and survives storage unchanged. */
export function assignDefined<Target extends object>(
  target: Target,
  extras: { [Key in keyof Target]?: Target[Key] | undefined },
): Target {
  // A plain loop: this runs for every answer.
  for (const key in extras) {
    const value = extras[key];
    if (value !== undefined) target[key] = value;
  }
  return target;
}
