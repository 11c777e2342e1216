import type { Attributes, Meter, MetricOptions } from '@opentelemetry/api';
import type { GradingEvent, RunEndedEvent } from '../contract/grading-event.js';
import type { GradingResult } from '../contract/result.js';
import type { CallRecord } from './call-record.js';
import { DURATION_BUCKETS, ERROR_TYPE, GEN_AI, GEN_AI_METRICS, OWN_METRICS } from './conventions.js';

/** Tells the meter what happens. One per listener: instruments are shared by all runs. */
export interface RunMetrics {
  callEnded(call: CallRecord<unknown>, requestModel: string | undefined): void;
  answerSettled(result: GradingResult): void;
  runEnded(event: RunEndedEvent, name: string): void;
  /** Retries, hedges, fallbacks, pauses and limits. */
  noticed(event: GradingEvent): void;
}

/** @param shared Attributes of every measurement. */
export function runMetrics(meter: Meter, shared: Attributes): RunMetrics {
  const make = instruments(meter, shared);
  return { ...callMetrics(make), ...answerMetrics(make), ...noticedMetrics(make) };
}

/** Records a value with attributes. */
type Record = (value: number, attributes?: Attributes) => void;

/** Makes instruments that add the shared attributes. */
interface Instruments {
  seconds(name: string): Record;
  histogram(name: string, unit: string): Record;
  counter(name: string, unit: string): Record;
  gauge(name: string, unit: string): Record;
}

function instruments(meter: Meter, shared: Attributes): Instruments {
  const recording = (name: string, options: MetricOptions): Record => {
    const histogram = meter.createHistogram(name, options);
    return (value, attributes) => histogram.record(value, { ...shared, ...attributes });
  };
  return {
    seconds: (name) => recording(name, { unit: 's', advice: { explicitBucketBoundaries: [...DURATION_BUCKETS] } }),
    histogram: (name, unit) => recording(name, { unit }),
    counter(name, unit) {
      const counter = meter.createCounter(name, { unit });
      return (value, attributes) => counter.add(value, { ...shared, ...attributes });
    },
    gauge(name, unit) {
      const gauge = meter.createGauge(name, { unit });
      return (value, attributes) => gauge.record(value, { ...shared, ...attributes });
    },
  };
}

function callMetrics(make: Instruments): Pick<RunMetrics, 'callEnded'> {
  const duration = make.seconds(GEN_AI_METRICS.inferenceDuration);
  const inputPerCall = make.histogram(GEN_AI_METRICS.inputPerCall, '{token}');
  const outputPerCall = make.histogram(GEN_AI_METRICS.outputPerCall, '{token}');
  const tokens = new Map(TOKEN_COUNTS.map((name) => [name, make.counter(GEN_AI_METRICS[name], '{token}')]));
  return {
    callEnded(call, requestModel) {
      const end = call.decisive;
      const attributes: Attributes = {
        [GEN_AI.operation]: 'chat',
        [GEN_AI.provider]: call.first.provider,
        ...(requestModel !== undefined && { [GEN_AI.requestModel]: requestModel }),
        ...(end?.model !== undefined && { [GEN_AI.responseModel]: end.model }),
      };
      const error = end !== undefined && end.outcome !== 'ok' ? { [ERROR_TYPE]: end.outcome } : {};
      // A call without a count is told too, with none of an unknown kind.
      const { usage = { inputTokens: 0, outputTokens: 0 } } = call;
      const modality = call.usage === undefined ? 'unknown' : 'text';
      duration(call.durationMs / 1_000, { ...attributes, ...error });
      inputPerCall(usage.inputTokens, { ...attributes, ...error });
      outputPerCall(usage.outputTokens, { ...attributes, ...error });
      for (const name of TOKEN_COUNTS) {
        const value = usage[name];
        if (value !== undefined) tokens.get(name)?.(value, { ...attributes, [GEN_AI.modality]: modality });
      }
    },
  };
}

const TOKEN_COUNTS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'] as const;

function answerMetrics(make: Instruments): Pick<RunMetrics, 'answerSettled' | 'runEnded'> {
  const answers = make.counter(OWN_METRICS.answers, '{answer}');
  const reviews = make.counter(OWN_METRICS.reviews, '{answer}');
  const duration = make.seconds(OWN_METRICS.answerDuration);
  const queued = make.seconds(OWN_METRICS.answerQueued);
  const runDuration = make.seconds(GEN_AI_METRICS.runDuration);
  const runCalls = make.histogram(GEN_AI_METRICS.runCalls, '{call}');
  const cost = make.counter(OWN_METRICS.cost, '{currency}');
  return {
    answerSettled(result) {
      const isGraded = result.status === 'graded';
      const outcome = isGraded ? { 'gradelanes.graded_by': result.gradedBy } : { [ERROR_TYPE]: result.error.code };
      answers(1, { 'gradelanes.outcome': result.status, ...outcome });
      if (isGraded && result.needsReview) reviews(1);
      duration(result.durationMs / 1_000);
      queued(result.queuedMs / 1_000);
    },
    runEnded({ atMs, metrics }, name) {
      const attributes = { [GEN_AI.operation]: 'invoke_workflow', [GEN_AI.agent]: name };
      runDuration(atMs / 1_000, attributes);
      runCalls(metrics.requests, attributes);
      if (metrics.cost !== undefined) cost(metrics.cost);
    },
  };
}

function noticedMetrics(make: Instruments): Pick<RunMetrics, 'noticed'> {
  const retries = make.counter(OWN_METRICS.retries, '{call}');
  const hedges = make.counter(OWN_METRICS.hedges, '{call}');
  const fallbacks = make.counter(OWN_METRICS.fallbacks, '{answer}');
  const pauses = make.seconds(OWN_METRICS.pauses);
  const limit = make.gauge(OWN_METRICS.limit, '{call}');
  return {
    noticed(event) {
      if (event.type === 'call-retried') retries(1, { [GEN_AI.provider]: event.provider, [ERROR_TYPE]: event.code });
      if (event.type === 'call-hedged') hedges(1, { [GEN_AI.provider]: event.provider });
      if (event.type === 'provider-paused') pauses(event.pauseMs / 1_000, { [GEN_AI.provider]: event.provider });
      if (event.type === 'limit-changed') limit(event.to, { [GEN_AI.provider]: event.provider });
      if (event.type === 'fallback-taken') {
        const { kind, code, answerCount } = event.step;
        fallbacks(answerCount, { 'gradelanes.fallback.kind': kind, [ERROR_TYPE]: code });
      }
    },
  };
}
