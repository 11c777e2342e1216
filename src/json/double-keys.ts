/** Strings and what structures them; valid JSON has nothing else that matters here. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Finds a name that stands twice in one object of a JSON text. `JSON.parse` lets the last one win, so that a text that got
 * into a reply could replace what was there. Linear.
 *
 * @param json Valid JSON.
 */
export function hasDoubleKeys(json: string): boolean {
  const open: (Set<unknown> | undefined)[] = [];
  let last = '';
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const names = open.at(-1);
      // Parsed: an escaped letter is the same letter.
      const name: unknown = JSON.parse(last);
      if (names?.has(name) === true) return true;
      names?.add(name);
    }
    last = token;
  }
  return false;
}
