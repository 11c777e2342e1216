// Traces, metrics and evaluation events of a run, kept in memory as a collector would get them, and its log lines by pino.
// node examples/telemetry.ts
import { watchRun } from './telemetry/watch-run.ts';

const { spans, evaluations, metrics } = await watchRun(process.stdout);
console.log(`${spans.length} spans, ${evaluations.length} evaluation events, metrics: ${metrics.join(', ')}`);
