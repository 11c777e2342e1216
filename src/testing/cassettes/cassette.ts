import type { FailureCode } from '../../contract/failure.js';
import type { Verifiable } from '../misuse.js';
import type { CallReport, ProviderCapabilities } from '../../contract/provider.js';

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
  /** The day it was recorded, where `maxAgeMs` was given. */
  recordedOn?: string;
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

/** What a provider with a cassette knows about it. */
export interface CassetteRecord extends Verifiable {
  /** How each call that was refused differs from the nearest recorded one. */
  readonly mismatches: readonly string[];
  /**
   * Recorded calls that no call has asked for so far: after a whole run they are stale. Before the first call all of
   * them, if the store reads synchronously.
   */
  staleEntries: () => readonly CassetteEntry[];
  /** Drops the stale entries and writes the rest. */
  prune: () => Promise<void>;
}

/**
 * `auto` is `strict` where there is something on the cassette, or under `CI`, and else `record`; `strict` never asks;
 * `record` asks every time and replaces what is on it; `add` asks for what it lacks; `off` leaves it alone. Under `CI`
 * nothing is ever recorded: `record` fails and `add` is `strict`.
 */
export type CassetteMode = 'auto' | 'strict' | 'record' | 'add' | 'off';

/** Where the text of a cassette is kept. */
export interface CassetteStore {
  /** How errors name it, such as the path of its file. */
  name?: string | undefined;
  /** The text, or `undefined` if nothing was recorded yet. */
  read: () => string | undefined | Promise<string | undefined>;
  write: (text: string) => void | Promise<void>;
}

/** How errors name a store. */
export function placeOf({ name }: CassetteStore): string {
  return name ?? 'the cassette';
}

interface FileSystem {
  existsSync(path: string): boolean;
  readFileSync(path: string, encoding: 'utf8'): string;
  writeFileSync(path: string, text: string): void;
  renameSync(from: string, to: string): void;
}

/**
 * Makes a cassette in a file, written whole or not at all. It holds learners' answers and feedback: personal data, to be
 * kept and deleted as such. Node, Bun and Deno.
 *
 * @param path The file; its folder must be there.
 * @throws {Error} where there is no file system.
 *
 * @example
 * ```ts
 * import { fileCassette, mockLLM, recordProvider } from 'gradelanes/testing';
 *
 * const provider = recordProvider(mockLLM(), fileCassette('test/grading.cassette.json'));
 * console.log(provider.staleEntries().length); // 0
 * ```
 */
export function fileCassette(path: string): CassetteStore {
  const { process } = globalThis as { process?: { pid?: number; getBuiltinModule?(name: string): FileSystem } };
  const files = process?.getBuiltinModule?.('node:fs');
  if (files === undefined) throw new Error('fileCassette needs node:fs: give read and write of your own');
  return {
    name: path,
    read: () => (files.existsSync(path) ? files.readFileSync(path, 'utf8') : undefined),
    write: (text) => {
      const draft = `${path}.${process?.pid ?? 0}`;
      files.writeFileSync(draft, text);
      files.renameSync(draft, path);
    },
  };
}

/**
 * Makes a cassette that lives as long as the process.
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
export function memoryCassette(text?: string): Omit<CassetteStore, 'read'> & { read: () => string | undefined } {
  let kept = text;
  return {
    read: () => kept,
    write: (next) => {
      kept = next;
    },
  };
}
