/** So many results are kept; then all are forgotten, which costs less than to know the oldest. */
const MOST_RESULTS = 4_000;

/** Longer words hardly come again, in UTF-16 units. */
const LONGEST_WORD = 40;

/** A pure function of a word that keeps its results for a while: in answers to a question the same words come again. */
export function remember<T extends object>(compute: (word: string) => T): (word: string) => T {
  const kept = new Map<string, T>();
  return (word) => {
    if (word.length > LONGEST_WORD) return compute(word);
    const known = kept.get(word);
    if (known !== undefined) return known;
    const result = compute(word);
    if (kept.size >= MOST_RESULTS) kept.clear();
    kept.set(word, result);
    return result;
  };
}

/** A pure function of a text that keeps its last result: several rules look at one answer, each in turn. */
export function rememberLast<T>(compute: (text: string) => T): (text: string) => T {
  let last: readonly [text: string, result: T] | undefined;
  return (text) => {
    if (last?.[0] !== text) last = [text, compute(text)];
    return last[1];
  };
}
