import type { CassetteEntry } from './cassette.js';

/** What a provider with a cassette knows about it. */
export interface CassetteRecord {
  /** How each call that `strict` refused differs from the nearest recorded one. */
  readonly mismatches: readonly string[];
  /** Recorded calls that no call has asked for so far: after a whole run they are stale. */
  staleEntries: () => readonly CassetteEntry[];
}

/** `off` leaves the cassette alone; `record` starts it anew; `replay` asks for what it lacks; `strict` never asks. */
export type CassetteMode = 'off' | 'record' | 'replay' | 'strict';
