import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import type {
  AnswerFailedEvent,
  AnswerGradedEvent,
  CallEndedEvent,
  CallStartedEvent,
  RunEndedEvent,
  RunStartedEvent,
} from '../contract/grading-event.js';
import type { CallRecord } from './call-record.js';
import { ERROR_TYPE, GEN_AI } from './conventions.js';
import type { OpenTelemetryApi, TelemetryOptions } from './telemetry-options.js';

/** `SpanKind` and `SpanStatusCode` of the API, whose values are part of its contract. */
const KIND = { internal: 0, client: 2 } as const;
const STATUS_ERROR = 2;

/** The spans of one run: run, answers, calls and their attempts. Owned by the listener, for the life of the run. */
export class RunSpans {
  readonly #api: OpenTelemetryApi;
  readonly #tracer: Tracer;
  readonly #origin: number;
  readonly #models: TelemetryOptions['models'];
  readonly #run: Span;
  readonly #context: Context;
  readonly #answers = new Map<number, Span>();
  readonly #calls = new Map<CallRecord<Span>, Span>();

  constructor(tracer: Tracer, event: RunStartedEvent, options: TelemetryOptions) {
    const { api, name = 'grade_answers', attributes, links, models } = options;
    this.#api = api;
    this.#tracer = tracer;
    this.#models = models;
    // Everything is told on the run's own clock, so that durations are the ones it measured.
    this.#origin = Date.now() - event.atMs;
    const parent = api.context.active();
    this.#run = tracer.startSpan(
      `invoke_workflow ${name}`,
      {
        kind: KIND.internal,
        startTime: this.#origin,
        links: [...(links ?? [])],
        attributes: {
          ...attributes,
          [GEN_AI.operation]: 'invoke_workflow',
          [GEN_AI.agent]: name,
          'gradelanes.run.id': event.runId,
          'gradelanes.mode.requested': event.requestedMode,
          'gradelanes.mode.selected': event.selectedMode,
          ...(event.answerCount !== undefined && { 'gradelanes.answers.count': event.answerCount }),
        },
      },
      parent,
    );
    this.#context = api.trace.setSpan(parent, this.#run);
  }

  /** Where the events of grades belong. */
  get context(): Context {
    return this.#context;
  }

  answerStarted(index: number, atMs: number): void {
    const attributes = { 'gradelanes.answer.index': index };
    this.#answers.set(index, this.#start('grade_answer', KIND.internal, atMs, attributes, this.#context));
  }

  answerSettled({ index, atMs, result }: AnswerGradedEvent | AnswerFailedEvent): void {
    const span = this.#answers.get(index);
    if (span === undefined) return;
    this.#answers.delete(index);
    span.setAttribute('gradelanes.answer.attempts', result.attempts);
    if (result.status === 'failed') fail(span, result.error.code);
    else {
      span.setAttributes({
        'gradelanes.answer.graded_by': result.gradedBy,
        'gradelanes.answer.from_cache': result.fromCache,
        'gradelanes.answer.needs_review': result.needsReview,
      });
    }
    span.end(this.#origin + atMs);
  }

  /** The span of a call hangs on its answer; one for several answers on the run. */
  callStarted(call: CallRecord<Span>): void {
    const { provider, indices, mode, atMs } = call.first;
    const model = this.#models?.[provider];
    const attributes: Attributes = {
      [GEN_AI.operation]: 'chat',
      [GEN_AI.provider]: provider,
      ...(model !== undefined && { [GEN_AI.requestModel]: model }),
      [GEN_AI.outputType]: 'json',
      'gradelanes.mode': mode,
      'gradelanes.answers.count': indices.length,
    };
    const [only] = indices;
    const answer = indices.length === 1 && only !== undefined ? this.#answers.get(only) : undefined;
    const context = answer === undefined ? this.#context : this.#api.trace.setSpan(this.#context, answer);
    this.#calls.set(
      call,
      this.#start(model === undefined ? 'chat' : `chat ${model}`, KIND.client, atMs, attributes, context),
    );
  }

  attemptStarted(call: CallRecord<Span>, { callId, atMs, attempt }: CallStartedEvent, isHedge: boolean): void {
    const span = this.#calls.get(call);
    if (span === undefined) return;
    const attributes = {
      'gradelanes.call.id': callId,
      'gradelanes.call.attempt': attempt,
      'gradelanes.call.hedge': isHedge,
    };
    const context = this.#api.trace.setSpan(this.#context, span);
    call.begin(callId, this.#start('gradelanes.attempt', KIND.internal, atMs, attributes, context));
  }

  attemptEnded(span: Span, { atMs, outcome }: CallEndedEvent): void {
    if (outcome !== 'ok') fail(span, outcome);
    span.end(this.#origin + atMs);
  }

  callEnded(call: CallRecord<Span>): void {
    const span = this.#calls.get(call);
    const end = call.decisive;
    if (span === undefined || end === undefined) return;
    this.#calls.delete(call);
    const { usage } = call;
    span.setAttributes(
      withoutGaps({
        'gradelanes.call.attempts': call.attempts,
        [GEN_AI.responseModel]: end.model,
        [GEN_AI.responseId]: end.requestId,
        [GEN_AI.inputTokens]: usage?.inputTokens,
        [GEN_AI.outputTokens]: usage?.outputTokens,
        [GEN_AI.cacheReadTokens]: usage?.cacheReadTokens,
        [GEN_AI.cacheWriteTokens]: usage?.cacheWriteTokens,
        [GEN_AI.reasoningTokens]: usage?.reasoningTokens,
      }),
    );
    if (end.outcome !== 'ok') fail(span, end.outcome);
    span.end(this.#origin + call.first.atMs + call.durationMs);
  }

  runEnded({ atMs, metrics }: RunEndedEvent): void {
    for (const span of this.#answers.values()) span.end(this.#origin + atMs);
    this.#run.setAttributes(
      withoutGaps({
        'gradelanes.mode.used': metrics.processingModeUsed,
        'gradelanes.answers.graded': metrics.gradedCount,
        'gradelanes.answers.failed': metrics.failedCount,
        'gradelanes.answers.needing_review': metrics.needsReviewCount,
        'gradelanes.calls.count': metrics.requests,
      }),
    );
    this.#run.end(this.#origin + atMs);
  }

  #start(name: string, kind: number, atMs: number, attributes: Attributes, context: Context): Span {
    return this.#tracer.startSpan(name, { kind, startTime: this.#origin + atMs, attributes }, context);
  }
}

/** No message: what a provider says may hold anything. */
function fail(span: Span, code: string): void {
  span.setAttribute(ERROR_TYPE, code);
  span.setStatus({ code: STATUS_ERROR });
}

function withoutGaps(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
