/** So many results are kept; then all are forgotten, which costs less than to know the oldest. */
const MOST_RESULTS = 2_000;

/** Longer texts hardly come again, in UTF-16 units. */
const LONGEST_TEXT = 500;

/**
 * A pure function of a text that keeps its results for a while: the same words, references and criteria come again with
 * every answer. By the text and not by the question it belongs to, so that what is kept can never be out of date.
 */
export function remember<T extends object | string | boolean>(compute: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    if (text.length > LONGEST_TEXT) return compute(text);
    const known = kept.get(text);
    if (known !== undefined) return known;
    const result = compute(text);
    if (kept.size >= MOST_RESULTS) kept.clear();
    kept.set(text, result);
    return result;
  };
}
