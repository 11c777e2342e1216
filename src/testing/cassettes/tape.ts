import { canonical } from './canonical.js';
import { placeOf, type CassetteEntry, type CassetteHeader, type CassetteStore, type Json } from './cassette.js';
import { readCassette, writeCassette, type Cassette } from './cassette-file.js';

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

/** A cassette in use, owned by one provider for as long as that lasts. */
export class Tape {
  readonly #store: CassetteStore;
  readonly #header: CassetteHeader;
  readonly #tracks: Map<string, Track>;
  #isDirty = false;
  #dropsUnused = false;
  #writtenCount = 0;
  #newCount = 0;
  #lastText = '';
  #writing: Promise<void> = Promise.resolve();

  constructor(store: CassetteStore, header: CassetteHeader, recorded: readonly CassetteEntry[]) {
    this.#store = store;
    this.#header = header;
    this.#tracks = tracksOf(recorded);
  }

  get entries(): readonly CassetteEntry[] {
    return [...this.#tracks.values()].flatMap((track) => track.entries.filter(isEntry));
  }

  /** Entries that no call has asked for. */
  unused(): readonly CassetteEntry[] {
    return [...this.#tracks.values()].flatMap((track) => (track.isUsed ? [] : track.entries.filter(isEntry)));
  }

  /** The entry for a request. Equal requests get theirs in the order recorded, and the last one from then on. */
  find(request: Json): CassetteEntry | undefined {
    const track = this.#tracks.get(canonical(request));
    if (track === undefined) return undefined;
    const entries = track.entries.filter(isEntry);
    const entry = entries[track.found] ?? entries.at(-1);
    track.found += 1;
    track.isUsed = true;
    return entry;
  }

  /** Keeps a place for a call that starts now, so that entries are in the order calls started, not ended. */
  reserve(request: Json): (entry: CassetteEntry) => void {
    const key = canonical(request);
    const known = this.#tracks.get(key);
    const track = known ?? { entries: [], found: 0, isUsed: true, isOwn: true };
    if (known === undefined) this.#tracks.set(key, track);
    const place = track.isOwn ? track.entries.push(undefined) - 1 : -1;
    return (entry) => {
      // Recorded anew: what was there before gives way when the first reply is there.
      if (!track.isOwn) Object.assign(track, { entries: [], isOwn: true });
      if (place === -1) track.entries.push(entry);
      else track.entries[place] = entry;
      track.isUsed = true;
      this.#isDirty = true;
      this.#newCount += 1;
    };
  }

  /** Writes what is new, once it is much or the run is over. */
  async write(isOver: boolean): Promise<void> {
    if (!this.#isDirty || (!isOver && !this.#isDue())) return;
    // Never two writes at once. One that failed rejects for those who wait for it, not for the one after it.
    const next = this.#writing.then(async () =>
      this.#isDirty && (isOver || this.#isDue()) ? this.#writeNow() : undefined,
    );
    this.#writing = next.catch(() => {});
    await next;
  }

  /** Drops entries that no call has asked for, and writes. */
  async prune(): Promise<void> {
    for (const [key, track] of this.#tracks) if (!track.isUsed) this.#tracks.delete(key);
    this.#isDirty = true;
    this.#dropsUnused = true;
    await this.write(true);
  }

  #isDue(): boolean {
    return this.#newCount >= Math.max(FIRST_WRITE, this.#writtenCount * (GROWTH - 1));
  }

  async #writeNow(): Promise<void> {
    for (let round = 0; round < MAX_WRITES; round += 1) {
      if (!this.#dropsUnused) mergeIn(this.#tracks, (await this.#readNews()) ?? new Map());
      const { entries } = this;
      [this.#writtenCount, this.#newCount] = [entries.length, 0];
      this.#lastText = writeCassette(this.#header, entries);
      await writeText(this.#store, this.#lastText);
      this.#isDirty = this.#newCount > 0;
      // Another process may have written in between: what it has not kept of this is written again.
      const kept = await this.#readNews();
      if (kept === undefined || entries.every(({ request }) => kept.has(canonical(request)))) return;
    }
  }

  /** What is there, unless it is what this tape wrote last. */
  async #readNews(): Promise<Map<string, Track> | undefined> {
    const text = (await readText(this.#store)) ?? '';
    if (text === this.#lastText || text.trim() === '') return undefined;
    return tracksOf(readCassette(text, placeOf(this.#store)).entries);
  }
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
function mergeIn(tracks: Map<string, Track>, written: ReadonlyMap<string, Track>): void {
  for (const [key, track] of written) if (!tracks.has(key)) tracks.set(key, { ...track, isUsed: true });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isEntry(entry: CassetteEntry | undefined): entry is CassetteEntry {
  return entry !== undefined;
}
