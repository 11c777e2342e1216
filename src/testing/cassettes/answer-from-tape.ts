import { isProviderError, ProviderError, rejectsRun } from '../../contract/errors.js';
import type { CallContext, CallReport } from '../../contract/provider.js';
import type { CassetteEntry, CassetteMode, Json } from './cassette.js';
import { waitedFor } from '../time/waiting.js';
import { RECORDED_FAILURES } from './cassette-file.js';
import { conceal, reveal } from './conceal.js';
import { mismatchMessage } from './mismatch.js';
import type { Tape } from './tape.js';

/** One call of either level. */
export interface CassetteCall<Reply> {
  /** What identifies it. */
  request: object;
  /** The random keys in it. */
  keys: readonly string[];
  call: CallContext;
  ask: (call: CallContext) => Promise<Reply>;
  encode: (reply: Reply) => unknown;
  decode: (reply: Json) => Reply;
}

/** What answers calls. */
export interface CassettePlayer {
  mode: Exclude<CassetteMode, 'off' | 'auto'>;
  tape: Tape;
  redact: (text: string) => string;
  maxAgeMs: number;
  /** Says that a call cannot be answered. */
  refuse: (mismatch: string) => Error;
}

type Outcome = Pick<CassetteEntry, 'failure' | 'report'> & { reply?: unknown };

/** Answers a call from the tape, or makes it and records it there. */
export async function answerFromTape<Reply>(player: CassettePlayer, asked: CassetteCall<Reply>): Promise<Reply> {
  const { mode, tape, redact, maxAgeMs, refuse } = player;
  const request = conceal(asked.request, asked.keys, redact);
  const found = mode === 'record' ? undefined : tape.find(request);
  const isStale = found !== undefined && isOlder(found, maxAgeMs);
  if (found !== undefined && !isStale) return play(found, asked);
  if (mode !== 'strict') return record(asked, request, player);
  throw refuse(
    isStale
      ? `the call was recorded on ${found.recordedOn ?? 'an unknown day'}, which is longer ago than maxAgeMs ${maxAgeMs}`
      : mismatchMessage(request, tape.entries),
  );
}

function isOlder({ recordedOn }: CassetteEntry, maxAgeMs: number): boolean {
  if (maxAgeMs === Infinity) return false;
  const ageMs = Date.now() - Date.parse(recordedOn ?? '');
  return !(ageMs <= maxAgeMs);
}

function play<Reply>({ reply, failure, report }: CassetteEntry, { call, keys, decode }: CassetteCall<Reply>): Reply {
  call.signal.throwIfAborted();
  if (report !== undefined) call.report(report);
  if (failure !== undefined) throw new ProviderError(failure.code, failure.message);
  return decode(reveal(reply ?? null, keys));
}

async function record<Reply>(
  { call, keys, ask, encode }: CassetteCall<Reply>,
  request: Json,
  { tape, redact, maxAgeMs }: CassettePlayer,
): Promise<Reply> {
  const keep = tape.reserve(request);
  const save = async (outcome: Outcome): Promise<void> => {
    // What is concealed is still an outcome.
    const concealed = conceal(outcome, keys, redact) as Pick<CassetteEntry, 'reply' | 'failure' | 'report'>;
    const recordedOn = maxAgeMs === Infinity ? {} : { recordedOn: new Date().toISOString().slice(0, 10) };
    keep({ request, ...concealed, ...recordedOn });
    // A run tells its end, and the rest is written then; a call that a test makes itself is all there is.
    await waitedFor(tape.write(call.origin === undefined));
  };
  const report: CallReport = {};
  const listening = {
    ...call,
    report: (each: CallReport) => {
      Object.assign(report, lastingPart(each));
      call.report(each);
    },
  };
  const reply = await ask(listening).catch(async (error: unknown) => {
    if (!rejectsRun(error) && isProviderError(error) && RECORDED_FAILURES.has(error.code)) {
      await save({ failure: { code: error.code, message: error.message }, report });
    }
    throw error;
  });
  await save({ reply: encode(reply), report });
  return reply;
}

/** Request ids and limits differ every time, so they are not kept. */
function lastingPart({ model, usage }: CallReport): CallReport {
  return { ...(model !== undefined && { model }), ...(usage !== undefined && { usage }) };
}
