import type { Provider } from '../../contract/provider.js';
import type { CassetteHeader, CassetteMode, CassetteRecord, CassetteStore } from './cassette.js';
import { openCassette, type OpenCassette } from './open-cassette.js';
import { waitedFor } from '../time/waiting.js';
import { wrapProvider } from '../wrap-provider.js';

/** How calls are recorded. */
export interface RecordProviderOptions {
  /**
   * `'record'` asks the provider every time and starts the cassette anew; `'replay'` asks only for what is not on it;
   * `'strict'` never asks: a call that is not on it fails, and says what differs; `'off'` does without the cassette.
   *
   * @default 'record'
   */
  mode?: CassetteMode | undefined;
  /**
   * Names the model: another one does not match. Give it where the provider's address changes, as a test server's does.
   *
   * @default the provider's fingerprint, which holds model and address, else its name
   */
  model?: string | undefined;
  /** Changes every text before it is written or compared, e.g. to take names out of answers. */
  redact?: ((text: string) => string) | undefined;
}

/**
 * Wraps a provider so that its calls are written to a cassette, and answered from it later without a network. A call
 * is found by what decides its reply: model, prompt and schema (or question and answer, for a provider of verdicts).
 * Random keys become placeholders; what looks like an API key is left out; learner ids are never part of a call.
 * Rate limits, timeouts and outages are not recorded. Give every provider a cassette of its own.
 *
 * @param inner The provider to record, at either level.
 * @param store Where the cassette's text is kept.
 * @param options The mode, usually taken from an environment variable.
 * @returns The provider, which also lists stale entries and mismatches.
 * @throws {Error} from a call, if the store holds something else than a cassette of this provider's level.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import { memoryCassette, mockLLM, recordProvider } from 'gradelanes/testing';
 *
 * const store = memoryCassette();
 * const answer = { question: { prompt: 'Why does ice float?' }, answer: 'It is less dense than water.' };
 * await gradeAnswer(answer, { provider: recordProvider(mockLLM(0.8), store) });
 *
 * const offline = recordProvider(mockLLM(new Error('not asked')), store, { mode: 'strict' });
 * const result = await gradeAnswer(answer, { provider: offline });
 * console.log(result.status, offline.staleEntries().length); // graded 0
 * ```
 */
export function recordProvider<Inner extends Provider>(
  inner: Inner,
  store: CassetteStore,
  options: RecordProviderOptions = {},
): Inner & CassetteRecord {
  const { name, fingerprint, capabilities } = inner;
  const { mode = 'record', model = fingerprint ?? name ?? 'provider', redact } = options;
  const mismatches: string[] = [];
  let cassette: OpenCassette | undefined;
  const open = async (level: CassetteHeader['level']): Promise<OpenCassette | undefined> => {
    if (mode === 'off') return undefined;
    cassette = await openCassette({ store, mode, redact, mismatches, header: { level, model, name, capabilities } });
    return cassette;
  };
  let opening: Promise<OpenCassette | undefined> | undefined;
  const opened = (level: CassetteHeader['level']): Promise<OpenCassette | undefined> =>
    (opening ??= waitedFor(open(level)));

  return wrapProvider(
    inner,
    { mismatches, staleEntries: () => cassette?.staleEntries() ?? [] },
    {
      generate: (llm) => async (request, call) =>
        (await opened('model'))?.generate(llm, request, call) ?? llm.generate(request, call),
      grade: (grader) => async (items, call) =>
        (await opened('verdict'))?.grade(grader, items, call) ?? grader.grade(items, call),
    },
  );
}
