/** The middle one, the upper of two. */
export function median(values) {
  return values.toSorted((first, second) => first - second)[Math.floor(values.length / 2)];
}
