import type { FailureCode } from '../../contract/failure.js';
import type { CallReport, ProviderCapabilities } from '../../contract/provider.js';

const VERSION = 1;

/** Anything JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** One recorded call. Keys that are random in each call are written as `<key 1>`, `<key 2>`, ... */
export interface CassetteEntry {
  /** All that decides the reply: model, prompt and schema, or questions and answers. Texts of several lines are lists. */
  request: Json;
  /** What came back; absent where the call failed. */
  reply?: Json;
  failure?: { code: FailureCode; message: string };
  report?: Pick<CallReport, 'model' | 'usage'>;
}

/** What a cassette says of all its calls. */
export interface CassetteHeader {
  /** Whether prompts and replies were recorded, or answers and verdicts. */
  level: 'model' | 'verdict';
  /** The model that was asked. */
  model: string;
  name?: string | undefined;
  capabilities?: ProviderCapabilities | undefined;
}

/** What a cassette holds. */
export interface Cassette extends CassetteHeader {
  gradelanesCassette: typeof VERSION;
  entries: readonly CassetteEntry[];
}

export function writeCassette(header: CassetteHeader, entries: readonly CassetteEntry[]): string {
  const { level, model, name, capabilities } = header;
  const cassette: Cassette = { gradelanesCassette: VERSION, level, model, name, capabilities, entries };
  return `${JSON.stringify(cassette, null, 2)}\n`;
}

/** @throws {Error} if the text is not a cassette. */
export function readCassette(text: string): Cassette {
  const cassette = parse(text);
  if (cassette?.gradelanesCassette === VERSION && Array.isArray(cassette.entries)) return cassette;
  throw new Error(
    `The store does not hold a cassette of version ${VERSION}: it must be JSON that recordProvider wrote. ` +
      "Record it again with mode 'record'",
  );
}

function parse(text: string): Cassette | undefined {
  try {
    // Checked by its version where it is used; what recordProvider wrote is trusted.
    return JSON.parse(text) as Cassette;
  } catch {
    return undefined;
  }
}

/** What a provider with a cassette knows about it. */
export interface CassetteRecord {
  /** How each call that `strict` refused differs from the nearest recorded one. */
  readonly mismatches: readonly string[];
  /** Recorded calls that no call has asked for so far: after a whole run they are stale. */
  staleEntries: () => readonly CassetteEntry[];
}

/** `off` leaves the cassette alone; `record` starts it anew; `replay` asks for what it lacks; `strict` never asks. */
export type CassetteMode = 'off' | 'record' | 'replay' | 'strict';

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
