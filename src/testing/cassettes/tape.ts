import {
  type Cassette,
  type CassetteEntry,
  type CassetteHeader,
  type CassetteStore,
  type Json,
  readCassette,
  writeCassette,
} from './cassette.js';

/** A cassette in use. */
export interface Tape {
  readonly entries: readonly CassetteEntry[];
  /** Entries that no call has asked for. */
  unused(): readonly CassetteEntry[];
  /** The entry for a request. Equal requests get theirs in the order recorded, and the last one from then on. */
  find(request: Json): CassetteEntry | undefined;
  /** Keeps a place for a call that starts now, so that entries are in the order calls started, not ended. */
  reserve(): (entry: CassetteEntry) => Promise<void>;
}

/** The cassette in a store, if there is one. */
export async function readTape(store: CassetteStore): Promise<Cassette | undefined> {
  const text = await store.read();
  return text === undefined || text.trim() === '' ? undefined : readCassette(text);
}

/** Starts a tape with the entries given. */
export function createTape(store: CassetteStore, header: CassetteHeader, recorded: readonly CassetteEntry[]): Tape {
  const places: (CassetteEntry | undefined)[] = [...recorded];
  const timesFound = new Map<string, number>();
  const used = new Set<CassetteEntry>();
  const entries = (): CassetteEntry[] => places.filter((entry) => entry !== undefined);
  const write = createWriter(() => store.write(writeCassette(header, entries())));
  return {
    get entries() {
      return entries();
    },
    unused: () => entries().filter((entry) => !used.has(entry)),
    find(request) {
      const key = JSON.stringify(request);
      const equal = entries().filter((entry) => JSON.stringify(entry.request) === key);
      const count = timesFound.get(key) ?? 0;
      timesFound.set(key, count + 1);
      const entry = equal[count] ?? equal.at(-1);
      if (entry !== undefined) used.add(entry);
      return entry;
    },
    reserve() {
      const place = places.push(undefined) - 1;
      return async (entry) => {
        places[place] = entry;
        used.add(entry);
        await write();
      };
    },
  };
}

/** Never two writes at once: what changes during one is written by the next, which all who changed it wait for. */
function createWriter(writeNow: () => void | Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  let next: Promise<void> | undefined;
  const writeAfter = async (before: Promise<void>): Promise<void> => {
    await before;
    next = undefined;
    await writeNow();
  };
  return () => {
    next ??= writeAfter(last);
    // A write that failed rejects for those who wait for it, not for the one after it.
    last = next.catch(() => {});
    return next;
  };
}
