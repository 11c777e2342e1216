import type { CallContext, GradingItem, GradingProvider, LLMProvider, ModelRequest } from '../../contract/provider.js';
import { answerFromTape } from './answer-from-tape.js';
import type { CassetteEntry, CassetteHeader, CassetteMode, CassetteStore } from './cassette.js';
import { concealSecrets } from './conceal.js';
import { decodeReply, decodeVerdicts, encodeReply, recordedItems, recordedModelRequest } from './recorded-call.js';
import { createTape, readTape } from './tape.js';

/** How a cassette is opened. */
export interface CassetteSettings {
  store: CassetteStore;
  mode: Exclude<CassetteMode, 'off'>;
  /** Who is recorded. @default whoever the cassette says was */
  header?: CassetteHeader | undefined;
  /** The model that calls are made to. @default that of the header */
  model?: string | undefined;
  redact?: ((text: string) => string) | undefined;
  /** Where calls that `strict` refuses are described. */
  mismatches: string[];
}

/** A cassette that answers calls of either level. */
export interface OpenCassette {
  header: CassetteHeader;
  generate(inner: LLMProvider, request: ModelRequest, call: CallContext): ReturnType<LLMProvider['generate']>;
  grade(inner: GradingProvider, items: readonly GradingItem[], call: CallContext): ReturnType<GradingProvider['grade']>;
  staleEntries: () => readonly CassetteEntry[];
}

/** @throws {Error} if the store holds something else than a cassette of the level wanted. */
export async function openCassette(settings: CassetteSettings): Promise<OpenCassette> {
  const { store, mode, redact = (text: string) => text, mismatches } = settings;
  const recorded = mode === 'record' ? undefined : await readTape(store);
  const header = settings.header ?? recorded;
  if (header === undefined) throw new Error('The cassette is empty: record it with recordProvider(provider, store)');
  if (recorded !== undefined && recorded.level !== header.level) {
    throw new Error(`The cassette holds calls of a ${recorded.level} provider, not of a ${header.level} provider`);
  }
  const model = concealSecrets(settings.model ?? header.model, redact);
  const tape = createTape(store, { ...header, model }, recorded?.entries ?? []);
  const player = { mode, tape, redact, mismatches };
  return {
    header,
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
    staleEntries: () => tape.unused(),
  };
}
