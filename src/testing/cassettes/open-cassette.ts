import type { CallContext, GradingItem, GradingProvider, LLMProvider, ModelRequest } from '../../contract/provider.js';
import { answerFromTape } from './answer-from-tape.js';
import { placeOf, type CassetteHeader, type CassetteMode, type CassetteStore } from './cassette.js';
import { concealSecrets } from './conceal.js';
import { decodeReply, decodeVerdicts, encodeReply, recordedItems, recordedModelRequest } from './recorded-call.js';
import { readTape, Tape } from './tape.js';

/** How a cassette is opened. */
export interface CassetteSettings {
  store: CassetteStore;
  mode: Exclude<CassetteMode, 'off'>;
  /** Who is recorded. @default whoever the cassette says was */
  header?: CassetteHeader | undefined;
  /** The model that calls are made to. @default that of the header */
  model?: string | undefined;
  redact?: ((text: string) => string) | undefined;
  maxAgeMs?: number | undefined;
  /** Says that a call cannot be answered. */
  refuse: (mismatch: string) => Error;
}

/** A cassette that answers calls of either level. */
export interface OpenCassette {
  header: CassetteHeader;
  tape: Tape;
  generate(inner: LLMProvider, request: ModelRequest, call: CallContext): ReturnType<LLMProvider['generate']>;
  grade(inner: GradingProvider, items: readonly GradingItem[], call: CallContext): ReturnType<GradingProvider['grade']>;
}

/** Stores that this process began to record on: `auto` goes on with them, though there is something on them by then. */
const BEGUN = Symbol.for('gradelanes.cassettesBegun');
const begun = ((globalThis as { [BEGUN]?: Set<unknown> })[BEGUN] ??= new Set());

/** @throws {Error} if the store holds something else than a cassette of the level wanted. */
export async function openCassette(settings: CassetteSettings): Promise<OpenCassette> {
  const { store, redact = (text: string) => text, refuse, maxAgeMs = Infinity } = settings;
  const recorded = await readTape(store);
  const mode = modeFor(settings.mode, store, recorded !== undefined);
  const header = settings.header ?? recorded;
  if (header === undefined) {
    throw new Error(`${placeOf(store)} is empty: record it with recordProvider(provider, store)`);
  }
  if (recorded !== undefined && recorded.level !== header.level && mode !== 'record') {
    throw new Error(`${placeOf(store)} holds calls of a ${recorded.level} provider, not of a ${header.level} provider`);
  }
  const model = concealSecrets(settings.model ?? header.model, redact);
  const tape = new Tape(store, { ...header, model }, recorded?.level === header.level ? recorded.entries : []);
  const player = { mode, tape, redact, maxAgeMs, refuse };
  return {
    header,
    tape,
    generate: (inner, request, call) =>
      answerFromTape(player, {
        request: { model, ...recordedModelRequest(request) },
        keys: request.itemIds,
        call,
        ask: (each) => inner.generate(request, each),
        encode: encodeReply,
        decode: decodeReply,
      }),
    grade: (inner, items, call) =>
      answerFromTape(player, {
        request: { model, ...recordedItems(items, call) },
        keys: items.map((item) => item.id),
        call,
        ask: (each) => inner.grade(items, each),
        encode: (verdicts) => verdicts,
        decode: decodeVerdicts,
      }),
  };
}

function modeFor(
  asked: Exclude<CassetteMode, 'off'>,
  store: CassetteStore,
  isRecorded: boolean,
): 'strict' | 'record' | 'add' {
  const key = store.name ?? store;
  if (isUnderCi()) {
    if (asked === 'record') throw new Error(`${placeOf(store)} is never recorded under CI: record it by hand`);
    return 'strict';
  }
  if (asked !== 'auto') return asked;
  if (isRecorded && !begun.has(key)) return 'strict';
  begun.add(key);
  return 'record';
}

/** What CI services and test runners go by. */
function isUnderCi(): boolean {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } };
  const ci = process?.env?.['CI'] ?? '';
  return ci !== '' && ci !== '0' && ci !== 'false';
}
