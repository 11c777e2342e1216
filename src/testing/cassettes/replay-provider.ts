import type { GradingProvider, LLMProvider, Provider } from '../../contract/provider.js';
import type { CassetteRecord, CassetteStore } from './cassette.js';
import { openRecord } from './open-record.js';
import type { RecordProviderOptions } from './record-provider.js';

/**
 * Makes a provider of a cassette alone: name, level and capabilities are those that were recorded, and a call that is
 * not on it fails and says what differs. No client, key or network is needed.
 *
 * @param store Where the cassette's text is kept.
 * @param options The model that the calls must have been recorded with, and the `redact` they were recorded with.
 * @returns The provider, which also lists stale entries and mismatches.
 * @throws {Error} if the store is empty or holds something else.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import { memoryCassette, mockProvider, recordProvider, replayProvider } from 'gradelanes/testing';
 *
 * const store = memoryCassette();
 * const answer = { question: { prompt: 'Why does ice float?' }, answer: 'It is less dense than water.' };
 * await gradeAnswer(answer, { provider: recordProvider(mockProvider(0.8), store) });
 * const result = await gradeAnswer(answer, { provider: await replayProvider(store) });
 * console.log(result.status); // graded
 * ```
 */
export async function replayProvider(
  store: CassetteStore,
  { model, redact, maxAgeMs, rejectRun = false }: Omit<RecordProviderOptions, 'mode'> = {},
): Promise<Provider & CassetteRecord> {
  const record = openRecord('the replayed provider', store, rejectRun);
  const { openCassette } = await import('./open-cassette.js');
  const opening = openCassette({ store, mode: 'strict', model, redact, maxAgeMs, refuse: record.refuse });
  const { header, ...cassette } = await record.opened(opening);
  const { level, name, capabilities } = header;
  const shared = { name, capabilities, ...record.shown };
  return level === 'model'
    ? { ...shared, generate: (request, call) => cassette.generate(NOBODY, request, call) }
    : { ...shared, grade: (items, call) => cassette.grade(NOBODY, items, call) };
}

/** Never asked: a strict cassette answers or fails by itself. */
const NOBODY: LLMProvider & GradingProvider = { generate: async () => '', grade: async () => [] };
