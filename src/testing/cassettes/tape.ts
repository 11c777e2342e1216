import { canonical } from './canonical.js';
import type { CassetteEntry, CassetteHeader, CassetteStore, Json } from './cassette.js';
import { readCassette, writeCassette, type Cassette } from './cassette-file.js';

/** A cassette in use. */
export interface Tape {
  readonly entries: readonly CassetteEntry[];
  /** Entries that no call has asked for. */
  unused(): readonly CassetteEntry[];
  /** The entry for a request. Equal requests get theirs in the order recorded, and the last one from then on. */
  find(request: Json): CassetteEntry | undefined;
  /** Keeps a place for a call that starts now, so that entries are in the order calls started, not ended. */
  reserve(request: Json): (entry: CassetteEntry) => void;
  /** Writes what is new, once it is much or the run is over. */
  write(isOver: boolean): Promise<void>;
  /** Drops entries that no call has asked for, and writes. */
  prune(): Promise<void>;
}

/** Entries of equal requests. */
interface Track {
  entries: (CassetteEntry | undefined)[];
  found: number;
  isUsed: boolean;
  /** Recorded by this tape: what others wrote meanwhile for the same request gives way. */
  isOwn: boolean;
}

/** Written again before the run is over when there are so many times as many as last time: time stays linear. */
const GROWTH = 2;
const FIRST_WRITE = 20;
/** Another process may have written between reading and writing: so often it is looked for and written again. */
const MAX_WRITES = 5;

/** The cassette in a store, if there is one. */
export async function readTape(store: CassetteStore): Promise<Cassette | undefined> {
  const text = await readText(store);
  return text === undefined || text.trim() === '' ? undefined : readCassette(text, placeOf(store));
}

async function readText(store: CassetteStore): Promise<string | undefined> {
  try {
    return await store.read();
  } catch (error) {
    throw new Error(`${placeOf(store)} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function writeText(store: CassetteStore, text: string): Promise<void> {
  try {
    await store.write(text);
  } catch (error) {
    throw new Error(`${placeOf(store)} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}

export function placeOf({ name }: CassetteStore): string {
  return name ?? 'the cassette';
}

/** Opens a tape with the entries given. */
export function createTape(store: CassetteStore, header: CassetteHeader, recorded: readonly CassetteEntry[]): Tape {
  const tracks = tracksOf(recorded);
  let isDirty = false;
  let dropsUnused = false;
  let writtenCount = 0;
  let newCount = 0;
  let lastText = '';
  let writing = Promise.resolve();

  const list = (): CassetteEntry[] => [...tracks.values()].flatMap((track) => track.entries.filter(isEntry));
  const isDue = (): boolean => newCount >= Math.max(FIRST_WRITE, writtenCount * (GROWTH - 1));
  /** False if there is nothing but what this tape wrote last. */
  const readNews = async (): Promise<Map<string, Track> | undefined> => {
    const text = (await readText(store)) ?? '';
    if (text === lastText || text.trim() === '') return undefined;
    return tracksOf(readCassette(text, placeOf(store)).entries);
  };
  const writeNow = async (): Promise<void> => {
    for (let round = 0; round < MAX_WRITES; round += 1) {
      mergeIn(tracks, (await readNews()) ?? new Map(), dropsUnused);
      const entries = list();
      [writtenCount, newCount] = [entries.length, 0];
      lastText = writeCassette(header, entries);
      await writeText(store, lastText);
      isDirty = newCount > 0;
      // Another process may have written in between: what it has not kept of this is written again.
      const kept = await readNews();
      if (kept === undefined || entries.every(({ request }) => kept.has(canonical(request)))) return;
    }
  };
  const write = (isOver: boolean): Promise<void> => {
    // Never two writes at once. One that failed rejects for those who wait for it, not for the one after it.
    const next = writing.then(async () => (isDirty && (isOver || isDue()) ? writeNow() : undefined));
    writing = next.catch(() => {});
    return next;
  };

  return {
    get entries() {
      return list();
    },
    unused: () => [...tracks.values()].flatMap((track) => (track.isUsed ? [] : track.entries.filter(isEntry))),
    find(request) {
      const track = tracks.get(canonical(request));
      if (track === undefined) return undefined;
      const entries = track.entries.filter(isEntry);
      const entry = entries[track.found] ?? entries.at(-1);
      track.found += 1;
      track.isUsed = true;
      return entry;
    },
    reserve(request) {
      const key = canonical(request);
      const known = tracks.get(key);
      const track = known ?? { entries: [], found: 0, isUsed: true, isOwn: true };
      if (known === undefined) tracks.set(key, track);
      // Recorded anew: what was there before gives way when the first reply is there.
      let place = -1;
      if (track.isOwn) place = track.entries.push(undefined) - 1;
      return (entry) => {
        if (!track.isOwn) Object.assign(track, { entries: [], isOwn: true });
        if (place === -1) track.entries.push(entry);
        else track.entries[place] = entry;
        track.isUsed = true;
        isDirty = true;
        newCount += 1;
      };
    },
    write: async (isOver) => {
      if (isDirty && (isOver || isDue())) await write(isOver);
    },
    prune: async () => {
      for (const [key, track] of tracks) if (!track.isUsed) tracks.delete(key);
      isDirty = true;
      dropsUnused = true;
      await write(true);
    },
  };
}

function tracksOf(entries: readonly CassetteEntry[]): Map<string, Track> {
  const tracks = new Map<string, Track>();
  for (const entry of entries) {
    const key = canonical(entry.request);
    const track = tracks.get(key) ?? { entries: [], found: 0, isUsed: false, isOwn: false };
    track.entries.push(entry);
    tracks.set(key, track);
  }
  return tracks;
}

/** What others wrote since stays, unless it was recorded here too. */
function mergeIn(tracks: Map<string, Track>, written: ReadonlyMap<string, Track>, dropsUnused: boolean): void {
  if (dropsUnused) return;
  for (const [key, track] of written) if (!tracks.has(key)) tracks.set(key, { ...track, isUsed: true });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isEntry(entry: CassetteEntry | undefined): entry is CassetteEntry {
  return entry !== undefined;
}
