import type { FailureCode } from '../contract/failure.js';
import type { CallReport, ProviderCapabilities } from '../contract/provider.js';

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
