// OpenTelemetry's own SDKs with exporters in memory, as a collector would see a run.
import * as api from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import type { OpenTelemetryApi } from 'gradelanes/otel';

/** What one listener is given, and what came of it. */
export interface TelemetryRig {
  readonly api: OpenTelemetryApi;
  readonly logs: { getLogger(name: string): Logger };
  spans(): readonly ReadableSpan[];
  records(): ReturnType<InMemoryLogRecordExporter['getFinishedLogRecords']>;
  metrics(): Promise<readonly MetricData[]>;
  close(): Promise<void>;
}

/** Providers of its own: nothing is registered for the process. */
export function telemetryRig(): TelemetryRig {
  const spans = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const records = new InMemoryLogRecordExporter();
  const logs = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: records })] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 });
  const meters = new MeterProvider({ readers: [reader] });
  const trace = Object.create(api.trace, { getTracer: { value: tracers.getTracer.bind(tracers) } }) as typeof api.trace;
  const metrics = Object.create(api.metrics, {
    getMeter: { value: meters.getMeter.bind(meters) },
  }) as typeof api.metrics;
  return {
    api: { context: api.context, trace, metrics },
    logs,
    spans: () => spans.getFinishedSpans(),
    records: () => records.getFinishedLogRecords(),
    async metrics() {
      exporter.reset();
      await reader.forceFlush();
      return exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    },
    close: async () => void (await Promise.all([tracers.shutdown(), logs.shutdown(), meters.shutdown()])),
  };
}

/** Sum of a counter or of a histogram's values, over all attributes or those that match. */
export function sumOf(
  metrics: readonly MetricData[],
  name: string,
  matches: (attributes: api.Attributes) => boolean = () => true,
): number {
  const points = metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  return points
    .filter(({ attributes }) => matches(attributes))
    .reduce((sum, { value }) => sum + (typeof value === 'number' ? value : (value.sum ?? 0)), 0);
}

/** How often a histogram was recorded. */
export function countOf(metrics: readonly MetricData[], name: string): number {
  const points = metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  return points.reduce((sum, { value }) => sum + (typeof value === 'number' ? 0 : value.count), 0);
}
