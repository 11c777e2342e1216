import type { CallContext, LLMProvider, ModelReply, ModelRequest } from '../../contract/provider.js';
import { openMisuseLog, type MisuseLog, type Verifiable } from '../misuse.js';
import { createCallRecorder, type RecordedCall } from './call-recorder.js';
import { gradedReply } from './graded-reply.js';
import { answerMockCall, type MockOptions } from './mock-call.js';
import { openScript, type Script } from './script.js';

/**
 * What a scripted call gets: the reply's text, a reply, an error, or a score 0..1 (`true` is 1, `false` 0) that is
 * written as a well-formed reply for every item asked. Replies mark in steps of a fifth, so scores are rounded to them.
 */
export type ScriptedReply = string | ModelReply | number | boolean | Error;

/** One value for every call; a list or (async) generator with one value per call; or a function. */
export type ReplyScript = Script<ScriptedReply, [request: ModelRequest, call: CallContext]>;

/** A call of a {@link MockLLM}. */
export interface MockLLMCall extends RecordedCall {
  /** Prompt, schema and all. */
  request: ModelRequest;
}

/** A language model that follows a script and remembers its calls. */
export interface MockLLM extends LLMProvider, Verifiable {
  readonly name: string;
  /** Every call, in the order they started. */
  readonly calls: readonly MockLLMCall[];
  /** Most calls that were in flight at the same time. */
  readonly peakInFlight: number;
}

/**
 * Makes a language model that replies by script: what `mockProvider` is for verdicts, this is for raw text, with this
 * library's own prompt and reply parsing in between.
 *
 * @param script What the calls get: one value for all, a list, a generator, or a function.
 * @param options Name, delays, clock, capabilities.
 * @returns A model that also says what it was asked.
 * @throws {ProviderError} `invalid_request` from a call for which the script has no value.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import { mockLLM } from 'gradelanes/testing';
 *
 * const model = mockLLM(['Sure! I would give this full marks.', 1]);
 * const answer = { question: { prompt: 'Why does ice float?' }, answer: 'It is less dense than water.' };
 * await gradeAnswer(answer, { provider: model });
 * console.log(model.calls.length); // 2
 * ```
 */
export function mockLLM(script: ReplyScript = 1, options: MockOptions<ModelRequest> = {}): MockLLM {
  const { name = 'mock', capabilities, clock, repeatLast = false, rejectRun = false } = options;
  const log = openMisuseLog(name, rejectRun);
  const { read, left } = openScript<ScriptedReply, [ModelRequest, CallContext]>(script, {
    repeatLast,
    misuse: log.error,
    describe: ({ itemIds }) => `a call with ${itemIds.length} item(s)`,
  });
  const readReply = async (request: ModelRequest, call: CallContext): Promise<ModelReply | string> =>
    toReply(await read(request, call), request, log);
  const recorder = createCallRecorder<{ request: ModelRequest }>(clock);
  const leftOver = (): string[] => (left() === 0 ? [] : [`${left()} value(s) of the script were not asked for`]);
  return {
    name,
    capabilities,
    problems: log.problems,
    ...log.verifiable(leftOver),
    generate: (request, call) =>
      recorder.record({ request }, call, () => answerMockCall(request, call, options, () => readReply(request, call))),
    calls: recorder.calls,
    get peakInFlight() {
      return recorder.peakInFlight;
    },
  };
}

function toReply(value: ScriptedReply | undefined, request: ModelRequest, log: MisuseLog): ModelReply | string {
  if (value instanceof Error) throw value;
  if (typeof value === 'number' || typeof value === 'boolean') return gradedReply(request, Number(value));
  if (value !== undefined) return value;
  throw log.error('the script returned nothing for a call');
}
