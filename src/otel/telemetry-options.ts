import type { ContextAPI, Link, MetricsAPI, TraceAPI } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';

/** The part of the module `@opentelemetry/api` that is used. */
export interface OpenTelemetryApi {
  readonly context: ContextAPI;
  readonly metrics: MetricsAPI;
  readonly trace: TraceAPI;
}

/** Options of `telemetryListener`. */
export interface TelemetryOptions {
  /** The module itself: `import * as api from '@opentelemetry/api'`, so that there is only one copy of it. */
  api: OpenTelemetryApi;
  /** `logs` of `@opentelemetry/api-logs`; without it no evaluation events are written. */
  logs?: { getLogger(name: string, version?: string): Logger } | undefined;
  /** Name of the run's workflow: of low cardinality, e.g. one per kind of exam. @default 'grade_answers' */
  name?: string | undefined;
  /** Attributes of the run's span and of every metric, of low cardinality: e.g. a course or a tenant. @default none */
  attributes?: Readonly<Record<string, string>> | undefined;
  /** Model that is asked for, by the provider's name: the conventions name the spans of calls by it. @default unknown */
  models?: Readonly<Record<string, string>> | undefined;
  /**
   * Spans and metrics of calls. Set it to false beside an SDK that instruments itself, as Anthropic's does from 1.0 on where a
   * tracer is registered: each call would be told twice. A list names the providers that it is true for. @default true
   */
  calls?: boolean | readonly string[] | undefined;
  /** Feedback and rationale as explanation of evaluation events. They may quote the learner. @default false */
  captureContent?: boolean | undefined;
  /** Spans that the run belongs to although it is not within them: e.g. the request that enqueued its job. @default none */
  links?: readonly Link[] | undefined;
}
