import type { GradingItem, GradingProvider } from '../../contract/provider.js';
import type { GradingReport } from '../../contract/report.js';
import type { GradingResult } from '../../contract/result.js';
import { openMisuseLog, type Verifiable } from '../misuse.js';
import { createCallRecorder, type RecordedCall } from './call-recorder.js';
import { answerMockCall, type MockOptions } from './mock-call.js';
import { openVerdictScript, type QuestionScripts, type VerdictScript } from './verdict-script.js';

/** A call of a {@link MockProvider}. */
export interface MockCall extends RecordedCall {
  items: readonly GradingItem[];
}

/** A provider that follows a script and remembers its calls. */
export interface MockProvider extends GradingProvider, Verifiable {
  readonly name: string;
  /** Every call, in the order they started. */
  readonly calls: readonly MockCall[];
  /** The text of every answer it was asked about, in order, repetitions included. */
  readonly answersSeen: readonly string[];
  /** Most calls that were in flight at the same time. */
  readonly peakInFlight: number;
  /** The results of a report that came about without this provider: by rule, from a cache, by others, or not at all. */
  notAsked: (report: GradingReport) => readonly GradingResult[];
}

/**
 * Makes a provider that grades by script, without a model or network.
 *
 * @param script What the answers get: one value for all, a list, a generator, a function, or a script per question.
 * @param options Name, delays, clock, capabilities.
 * @returns A provider that also says what it was asked.
 * @throws {ProviderError} `invalid_request` from a call for which the script has no value.
 *
 * @example
 * ```ts
 * import { gradeAnswersWithFallback, ProviderError } from 'gradelanes';
 * import { mockProvider } from 'gradelanes/testing';
 *
 * const provider = mockProvider([new ProviderError('network', 'connection reset'), 0.8]);
 * const answers = [{ question: { prompt: 'Why does ice float?' }, answer: 'It is less dense than water.' }];
 * const { results } = await gradeAnswersWithFallback(answers, { provider, retry: { baseDelayMs: 0 } });
 * console.log(results[0]?.status, provider.calls.length); // graded 2
 * ```
 */
export function mockProvider(
  script: VerdictScript | QuestionScripts = 1,
  options: MockOptions<readonly GradingItem[]> = {},
): MockProvider {
  const { name = 'mock', capabilities, clock, repeatLast = false, rejectRun = false } = options;
  const log = openMisuseLog(name, rejectRun);
  const verdicts = openVerdictScript(script, { repeatLast, misuse: log.error });
  const asked = new Set<number>();
  const answered = new Set<number>();
  const recorder = createCallRecorder<{ items: readonly GradingItem[] }>(clock);
  return {
    name,
    capabilities,
    problems: log.problems,
    ...log.verifiable(verdicts.leftOver),
    grade: async (items, call) => {
      for (const index of call.origin?.indices ?? []) asked.add(index);
      const given = await recorder.record({ items }, call, () =>
        answerMockCall(items, call, options, () => verdicts.read(items, call)),
      );
      for (const index of call.origin?.indices ?? []) answered.add(index);
      return given;
    },
    calls: recorder.calls,
    get answersSeen() {
      return recorder.calls.flatMap(({ items }) => items.map((item) => item.answer));
    },
    get peakInFlight() {
      return recorder.peakInFlight;
    },
    // By its own calls: another mock of the chain may have the same name.
    notAsked: ({ results }) =>
      results.filter((result) =>
        result.status === 'graded'
          ? result.provider !== name || result.fromCache || !answered.has(result.index)
          : !asked.has(result.index),
      ),
  };
}
