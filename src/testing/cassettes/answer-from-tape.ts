import { ProviderError, isProviderError } from '../../contract/errors.js';
import type { FailureCode } from '../../contract/failure.js';
import type { CallContext, CallReport } from '../../contract/provider.js';
import type { CassetteEntry, CassetteMode, Json } from './cassette.js';
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
  mode: Exclude<CassetteMode, 'off'>;
  tape: Tape;
  redact: (text: string) => string;
  /** Where calls that `strict` refuses are described. */
  mismatches: string[];
}

type Outcome = Pick<CassetteEntry, 'failure' | 'report'> & { reply?: unknown };

/** Failures that come from what was asked; all others come from the day it was asked on, and are not recorded. */
const RECORDED_FAILURES: ReadonlySet<FailureCode> = new Set([
  'truncated',
  'malformed',
  'too_large',
  'refused',
  'invalid_request',
  'unsupported',
]);

/** Answers a call from the tape, or makes it and records it there. */
export async function answerFromTape<Reply>(player: CassettePlayer, asked: CassetteCall<Reply>): Promise<Reply> {
  const { mode, tape, redact, mismatches } = player;
  const request = conceal(asked.request, asked.keys, redact);
  const found = mode === 'record' ? undefined : tape.find(request);
  if (found !== undefined) return play(found, asked);
  if (mode !== 'strict') return record(asked, request, player);
  const message = mismatchMessage(request, tape.entries);
  mismatches.push(message);
  throw new ProviderError('invalid_request', `${message}\nIf the change is meant, record again with mode 'record'`);
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
  { tape, redact }: CassettePlayer,
): Promise<Reply> {
  const keep = tape.reserve();
  const save = (outcome: Outcome): Promise<void> =>
    // What is concealed is still an outcome.
    keep({ request, ...(conceal(outcome, keys, redact) as Pick<CassetteEntry, 'reply' | 'failure' | 'report'>) });
  const report: CallReport = {};
  const listening = {
    ...call,
    report: (each: CallReport) => {
      Object.assign(report, lastingPart(each));
      call.report(each);
    },
  };
  const reply = await ask(listening).catch(async (error: unknown) => {
    if (isProviderError(error) && RECORDED_FAILURES.has(error.code)) {
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
