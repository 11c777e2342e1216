import type { Span } from '@opentelemetry/api';
import type {
  AnswerFailedEvent,
  AnswerGradedEvent,
  CallEndedEvent,
  CallStartedEvent,
  GradingEvent,
  RunEndedEvent,
  RunStartedEvent,
} from '../contract/grading-event.js';
import { checkProviderOptions, oneOf, someObject, someText, type OptionRule } from '../input/option-rules.js';
import { CallRecord } from './call-record.js';
import { writeEvaluation } from './evaluation-events.js';
import { runMetrics, type RunMetrics } from './run-metrics.js';
import { RunSpans } from './run-spans.js';
import type { TelemetryOptions } from './telemetry-options.js';

/** Name of the instrumentation scope. */
const SCOPE = 'gradelanes';

const RULES: { readonly [Name in keyof TelemetryOptions]-?: OptionRule } = {
  api: {
    rule: 'must be the module @opentelemetry/api, with trace, metrics and context',
    holds: (value) =>
      someObject.holds(value) && ['trace', 'metrics', 'context'].every((name) => name in (value as object)),
    isRequired: true,
  },
  logs: someObject,
  name: someText,
  attributes: someObject,
  models: someObject,
  calls: {
    rule: 'must be true, false or a list of provider names',
    holds: (value) => typeof value === 'boolean' || Array.isArray(value),
  },
  captureContent: oneOf(true, false),
  links: { rule: 'must be a list of links', holds: Array.isArray },
};

/**
 * Creates a listener that tells OpenTelemetry of every run: spans of the run, its answers and calls, metrics, and an evaluation
 * event per grade and criterion, by the conventions for generative AI v0.1.0. A run hangs on the span that is active when it
 * begins. No text of a learner, prompt or reason leaves it, unless `captureContent` asks for that.
 *
 * @param options The API, and what is told.
 * @returns The listener, for `onEvent` of any number of runs or a grader.
 * @throws {GradingOptionsError} for misuse.
 *
 * @example
 * ```ts
 * import * as api from '@opentelemetry/api';
 * import { logs } from '@opentelemetry/api-logs';
 * import { createGrader } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 * import { telemetryListener } from 'gradelanes/otel';
 *
 * const onEvent = telemetryListener({ api, logs, attributes: { course: 'biology' } });
 * const grader = createGrader({ provider: offlineProvider(), onEvent });
 * ```
 */
export function telemetryListener(options: TelemetryOptions): (event: GradingEvent) => void {
  checkProviderOptions(options, RULES);
  const { api, attributes = {} } = options;
  const metrics = runMetrics(api.metrics.getMeter(SCOPE), attributes);
  const runs = new Map<string, RunTelemetry>();
  return (event) => {
    if (event.type === 'run-started') runs.set(event.runId, new RunTelemetry(event, metrics, options));
    runs.get(event.runId)?.notice(event);
    if (event.type === 'run-ended') runs.delete(event.runId);
  };
}

/** One run as it is told. Owned by the listener, from the run's first event to its last. */
class RunTelemetry {
  readonly #options: TelemetryOptions;
  readonly #metrics: RunMetrics;
  readonly #spans: RunSpans;
  readonly #startedAt: number;
  /** Open calls, by the answers that they carry. */
  readonly #calls = new Map<string, CallRecord<Span>>();
  /** Calls that a second copy was sent of. */
  readonly #hedged = new Set<string>();

  constructor(event: RunStartedEvent, metrics: RunMetrics, options: TelemetryOptions) {
    this.#options = options;
    this.#metrics = metrics;
    this.#startedAt = Date.now() - event.atMs;
    this.#spans = new RunSpans(options.api.trace.getTracer(SCOPE), event, options);
  }

  notice(event: GradingEvent): void {
    if (event.type === 'answer-started') this.#spans.answerStarted(event.index, event.atMs);
    else if (event.type === 'call-started') this.#callStarted(event);
    else if (event.type === 'call-ended') this.#callEnded(event);
    else if (event.type === 'answer-graded' || event.type === 'answer-failed') this.#answerSettled(event);
    else if (event.type === 'run-ended') this.#runEnded(event);
    else this.#metrics.noticed(event);
    if (event.type === 'call-hedged') this.#hedged.add(keyOf(event));
  }

  #answerSettled(event: AnswerGradedEvent | AnswerFailedEvent): void {
    this.#endCallsOf([event.index]);
    this.#spans.answerSettled(event);
    this.#metrics.answerSettled(event.result);
    const { logs, captureContent = false } = this.#options;
    if (logs === undefined) return;
    const writing = { context: this.#spans.context, timestamp: this.#startedAt + event.atMs, captureContent };
    writeEvaluation(logs.getLogger(SCOPE), event.result, writing);
  }

  #runEnded(event: RunEndedEvent): void {
    for (const key of this.#calls.keys()) this.#endCall(key);
    this.#spans.runEnded(event);
    this.#metrics.runEnded(event, this.#options.name ?? 'grade_answers');
  }

  #callStarted(event: CallStartedEvent): void {
    const { calls = true } = this.#options;
    if (typeof calls === 'boolean' ? !calls : !calls.includes(event.provider)) return;
    const key = keyOf(event);
    const known = this.#calls.get(key);
    if (known === undefined) this.#endCallsOf(event.indices);
    const call = known ?? new CallRecord<Span>(event);
    if (known === undefined) {
      this.#calls.set(key, call);
      this.#spans.callStarted(call);
    }
    this.#spans.attemptStarted(call, event, this.#hedged.has(key) && call.isRunning);
  }

  #callEnded(event: CallEndedEvent): void {
    const key = keyOf(event);
    const call = this.#calls.get(key);
    const attempt = call?.end(event);
    if (call === undefined || attempt === undefined) return;
    this.#spans.attemptEnded(attempt, event);
    if (call.isOver) this.#endCall(key);
  }

  /** A failed call stays open for its retry. It is over once its answers go on without it. */
  #endCallsOf(indices: readonly number[]): void {
    for (const [key, { first, isRunning }] of this.#calls) {
      if (!isRunning && first.indices.some((index) => indices.includes(index))) this.#endCall(key);
    }
  }

  #endCall(key: string): void {
    const call = this.#calls.get(key);
    if (call === undefined) return;
    this.#calls.delete(key);
    this.#spans.callEnded(call);
    this.#metrics.callEnded(call, this.#options.models?.[call.first.provider]);
  }
}

/** The same answers asked of the same provider in the same mode are one logical call. */
function keyOf({ provider, mode, indices }: Pick<CallStartedEvent, 'provider' | 'mode' | 'indices'>): string {
  return `${provider} ${mode} ${indices.join()}`;
}
