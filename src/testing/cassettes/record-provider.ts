import type { Provider } from '../../contract/provider.js';
import { GradingOptionsError } from '../../contract/errors.js';
import { whenRunEnds } from '../../contract/run-ended.js';
import type { CassetteMode, CassetteRecord, CassetteStore } from './cassette.js';
import { openRecord } from './open-record.js';
import type { OpenCassette } from './open-cassette.js';
import { waitedFor } from '../time/waiting.js';
import { wrapProvider } from '../wrap-provider.js';

/** How calls are recorded. */
export interface RecordProviderOptions {
  /** @default 'auto': strict where there is something on the cassette or under `CI`, else it is recorded */
  mode?: CassetteMode | undefined;
  /**
   * Names the model: another one does not match. Give it where the provider's address changes, as a test server's does.
   *
   * @default the provider's fingerprint, which holds model and address, else its name
   */
  model?: string | undefined;
  /** Changes every text before it is written or compared, e.g. to take names out of answers. */
  redact?: ((text: string) => string) | undefined;
  /** Calls recorded longer ago count as not recorded, in milliseconds: models change. Days are written where it is given
   * while recording. @default Infinity */
  maxAgeMs?: number | undefined;
  /** Reject the whole run when a call is not on the cassette. @default false: the answer fails; see `verify()` */
  rejectRun?: boolean | undefined;
}

/**
 * Wraps a provider so that its calls are written to a cassette, and answered from it later without a network. A call
 * is found by what decides its reply: model, prompt and schema (or question and answer, for a provider of verdicts).
 * Random keys become placeholders; what looks like an API key is left out; learner ids are never part of a call.
 * Rate limits, timeouts and outages are not recorded. Several tests may share a cassette: each keeps what the others
 * wrote. It holds learners' answers and feedback: personal data.
 *
 * @param inner The provider to record, at either level.
 * @param store Where the cassette's text is kept.
 * @param options The mode, usually taken from an environment variable; the model's name; what to conceal.
 * @returns The provider, which also lists stale entries and mismatches.
 * @throws {Error} from the run, if the store cannot be read or written, or holds something else than a cassette of this
 *   provider's level; it names file and line.
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
  const { mode = 'auto', model = fingerprint ?? name ?? 'provider', redact, maxAgeMs } = options;
  checkMode(mode);
  const level = 'generate' in inner ? 'model' : 'verdict';
  const record = openRecord(
    name ?? 'the recorded provider',
    mode === 'off' ? undefined : store,
    options.rejectRun ?? false,
  );
  const open = async (): Promise<OpenCassette | undefined> => {
    if (mode === 'off') return undefined;
    const header = { level, model, name, capabilities } as const;
    const { openCassette } = await import('./open-cassette.js');
    return openCassette({ store, mode, redact, maxAgeMs, header, refuse: record.refuse });
  };
  let opening: Promise<OpenCassette | undefined> | undefined;
  const opened = (): Promise<OpenCassette | undefined> => (opening ??= waitedFor(record.opened(open())));

  return wrapProvider(
    inner,
    { ...record.shown, ...whenRunEnds(async () => waitedFor(record.ended())) },
    {
      generate: (llm) => async (request, call) =>
        (await opened())?.generate(llm, request, call) ?? llm.generate(request, call),
      grade: (grader) => async (items, call) =>
        (await opened())?.grade(grader, items, call) ?? grader.grade(items, call),
    },
  );
}

const MODES: ReadonlySet<unknown> = new Set(['auto', 'strict', 'record', 'add', 'off']);

function checkMode(mode: unknown): void {
  if (MODES.has(mode)) return;
  const rule = "must be 'auto', 'strict', 'record', 'add' (formerly 'replay') or 'off'";
  throw new GradingOptionsError('mode', rule, JSON.stringify(mode) ?? String(mode));
}
