import * as api from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { gradeAnswersWithFallback } from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';
import { telemetryListener } from 'gradelanes/otel';
import { pino } from 'pino';

const question = { id: 'q1', prompt: 'Why does ice float?', referenceAnswers: ['It is less dense than water.'] };
const answers = ['It is less dense than the water.', 'Because it is cold.'].map((answer) => ({ question, answer }));

/** What a collector would have got. */
export interface WatchedRun {
  readonly spans: readonly string[];
  readonly evaluations: readonly unknown[];
  readonly metrics: readonly string[];
}

/** Grades two answers with everything switched on. In your app: exporters that send, registered once for the process. */
export async function watchRun(log: NodeJS.WritableStream): Promise<WatchedRun> {
  const spans = new InMemorySpanExporter();
  api.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics });
  const meters = new MeterProvider({ readers: [reader] });
  api.metrics.setGlobalMeterProvider(meters);
  const records = new InMemoryLogRecordExporter();
  const logs = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: records })] });

  const onEvent = telemetryListener({ api, logs, attributes: { course: 'physics' } });
  const logger = pino({ level: 'debug' }, log);
  await gradeAnswersWithFallback(answers, { provider: offlineProvider(), onEvent, logger });

  await reader.forceFlush();
  const names = metrics
    .getMetrics()
    .flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name)),
    );
  const watched = {
    spans: spans.getFinishedSpans().map(({ name }) => name),
    evaluations: records.getFinishedLogRecords().map(({ attributes }) => attributes),
    metrics: names,
  };
  await Promise.all([meters.shutdown(), logs.shutdown()]);
  api.trace.disable();
  api.metrics.disable();
  return watched;
}
