/** Where the text of a cassette is kept. */
export interface CassetteStore {
  /** The text, or `undefined` if nothing was recorded yet. */
  read: () => string | undefined | Promise<string | undefined>;
  write: (text: string) => void | Promise<void>;
}

/**
 * Makes a cassette that lives as long as the process. For one in a file, give `read` and `write` yourself:
 *
 * ```ts
 * import { existsSync, readFileSync, writeFileSync } from 'node:fs';
 * const file = 'test/grading.cassette.json';
 * const store = {
 *   read: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
 *   write: (text: string) => writeFileSync(file, text),
 * };
 * ```
 *
 * @param text What is on it already. @default nothing
 *
 * @example
 * ```ts
 * import { memoryCassette, mockLLM, recordProvider } from 'gradelanes/testing';
 *
 * const store = memoryCassette();
 * const provider = recordProvider(mockLLM(), store);
 * console.log(provider.name, store.read()); // mock undefined
 * ```
 */
export function memoryCassette(text?: string): CassetteStore & { read: () => string | undefined } {
  let kept = text;
  return {
    read: () => kept,
    write: (next) => {
      kept = next;
    },
  };
}
