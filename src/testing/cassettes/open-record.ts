import { markAsRejecting } from '../../contract/errors.js';
import { openMisuseLog } from '../misuse.js';
import type { CassetteEntry, CassetteRecord, CassetteStore } from './cassette.js';
import type { OpenCassette } from './open-cassette.js';

/** What a provider with a cassette remembers, and shows to tests. */
export interface OpenRecord {
  readonly shown: CassetteRecord;
  /** Remembers a call that cannot be answered; the error fails the answer, or the run. */
  refuse: (mismatch: string) => Error;
  /** Keeps the cassette once it is open; a store that cannot be read rejects the run. */
  opened: <Opened extends OpenCassette | undefined>(opening: Promise<Opened>) => Promise<Opened>;
  /** Writes what is not written yet. */
  ended: () => Promise<void>;
}

/** Begins to remember. Without a store, the cassette is left alone. */
export function openRecord(name: string, store: CassetteStore | undefined, rejectRun: boolean): OpenRecord {
  const mismatches: string[] = [];
  const log = openMisuseLog(name, rejectRun);
  let cassette: OpenCassette | undefined;
  const staleEntries = (): ReturnType<CassetteRecord['staleEntries']> => {
    if (cassette !== undefined) return cassette.tape.unused();
    const text = store?.read();
    return typeof text === 'string' && text.trim() !== '' ? entriesAsWritten(text) : [];
  };
  return {
    shown: {
      mismatches,
      staleEntries,
      prune: async () => cassette?.tape.prune(),
      problems: log.problems,
      ...log.verifiable(() => []),
    },
    refuse: (mismatch) => {
      mismatches.push(mismatch);
      return log.error(`${mismatch}\nIf the change is meant, record again with mode 'record'`);
    },
    opened: async (opening) => {
      try {
        const opened = await opening;
        cassette = opened;
        return opened;
      } catch (error) {
        throw markAsRejecting(log.error(error instanceof Error ? error.message : String(error), error));
      }
    },
    ended: async () => cassette?.tape.write(true),
  };
}

/** Before the first call nothing was checked yet, and what entries share still stands under its name. */
function entriesAsWritten(text: string): readonly CassetteEntry[] {
  const { entries } = JSON.parse(text.replace(/^\uFEFF/, '')) as { entries?: readonly CassetteEntry[] };
  return entries ?? [];
}
