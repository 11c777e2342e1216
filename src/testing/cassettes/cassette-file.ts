import type { FailureCode } from '../../contract/failure.js';
import type { CassetteEntry, CassetteHeader, Json } from './cassette.js';
import { SharedTexts } from './shared-texts.js';

const VERSION = 2;

/** What a cassette holds. */
export interface Cassette extends CassetteHeader {
  gradelanesCassette: number;
  /** What several calls have in common, by name. Absent in version 1. */
  shared?: { readonly [name: string]: Json } | undefined;
  entries: readonly CassetteEntry[];
}

const LEVELS: ReadonlySet<unknown> = new Set(['model', 'verdict']);

/** Failures that come from what was asked; all others come from the day it was asked on, and are not recorded. */
export const RECORDED_FAILURES: ReadonlySet<FailureCode> = new Set([
  'truncated',
  'malformed',
  'too_large',
  'refused',
  'invalid_request',
  'unsupported',
]);

export function writeCassette(header: CassetteHeader, entries: readonly CassetteEntry[]): string {
  const { level, model, name, capabilities } = header;
  const texts = new SharedTexts();
  const shortened = entries.map((entry) => ({ ...entry, request: texts.share(entry.request) }));
  const cassette: Cassette = {
    gradelanesCassette: VERSION,
    level,
    model,
    name,
    capabilities,
    shared: texts.table() as NonNullable<Cassette['shared']>,
    entries: shortened,
  };
  return `${JSON.stringify(cassette, null, 1)}\n`;
}

/**
 * Reads a cassette.
 *
 * @param place How errors name it, such as its file.
 * @throws {Error} that names place, line where there is one, and what is wrong.
 */
export function readCassette(text: string, place: string): Cassette {
  const cassette = parse(text.replace(/^\uFEFF/, ''), place);
  const { gradelanesCassette: version, level, entries, shared } = cassette;
  if (version !== 1 && version !== VERSION) throw corrupt(place, `it has version ${String(version)}, not ${VERSION}`);
  if (!LEVELS.has(level)) throw corrupt(place, `its level is ${JSON.stringify(level)}, not "model" or "verdict"`);
  if (!Array.isArray(entries)) throw corrupt(place, 'it has no list of entries');
  const texts = new SharedTexts(shared);
  return {
    ...cassette,
    entries: entries.map((entry, index) => readEntry(entry, texts, `${place}, entry ${index + 1}`)),
  };
}

function readEntry(entry: CassetteEntry, texts: SharedTexts, place: string): CassetteEntry {
  if (typeof entry !== 'object' || entry === null || !('request' in entry)) throw corrupt(place, 'it has no request');
  const { failure } = entry;
  if (failure !== undefined && !RECORDED_FAILURES.has(failure.code)) {
    throw corrupt(place, `failures are of ${[...RECORDED_FAILURES].join(', ')}: received ${failure.code}`);
  }
  try {
    return { ...entry, request: texts.restore(entry.request) };
  } catch (error) {
    throw corrupt(place, error instanceof Error ? error.message : String(error));
  }
}

function parse(text: string, place: string): Cassette {
  const lines = text.split('\n');
  const conflict = lines.findIndex((line) => /^(<<<<<<<|=======|>>>>>>>)/.test(line));
  if (conflict !== -1) throw corrupt(`${place}:${conflict + 1}`, 'it holds a merge conflict');
  try {
    // Checked part by part where it is read.
    return JSON.parse(text) as Cassette;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw corrupt(`${place}:${lineOf(reason, lines)}`, `it is no JSON: ${reason.slice(0, 200)}`);
  }
}

/** Engines name the place in words of their own; a text that ends too early ends in its last line. */
function lineOf(reason: string, lines: readonly string[]): number {
  const [, line] = /line (\d+)/i.exec(reason) ?? [];
  if (line !== undefined) return Number(line);
  const [, position] = /position (\d+)/.exec(reason) ?? [];
  if (position === undefined) return lines.length;
  return lines.join('\n').slice(0, Number(position)).split('\n').length;
}

function corrupt(place: string, reason: string): Error {
  return new Error(
    `${place}: this is no cassette that can be read: ${reason}. Mend it, or record it again with mode 'record'`,
  );
}
