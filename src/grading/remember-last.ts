/** A pure function of a text that keeps its last result: several rules look at one answer, each in turn. */
export function rememberLast<T>(compute: (text: string) => T): (text: string) => T {
  let last: readonly [text: string, result: T] | undefined;
  return (text) => {
    if (last?.[0] !== text) last = [text, compute(text)];
    return last[1];
  };
}
