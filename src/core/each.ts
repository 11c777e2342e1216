/** A list as a stream. */
export async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
