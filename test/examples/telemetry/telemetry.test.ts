import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import dashboardFile from '../../../examples/telemetry/dashboard.json' with { type: 'json' };
import { watchRun } from '../../../examples/telemetry/watch-run.ts';
import { GEN_AI_METRICS, OWN_METRICS } from '../../../src/otel/conventions.js';

/** The name that Prometheus knows an instrument by, without the suffixes of its kind and unit. */
const prometheusNames = new Set(
  [...Object.values(GEN_AI_METRICS), ...Object.values(OWN_METRICS)].map((name) => name.replaceAll('.', '_')),
);

test('every query of the dashboard asks for an instrument that there is', () => {
  const expressions = dashboardFile.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const named = expressions.flatMap((expression) =>
    [...expression.matchAll(/\b(?:gradelanes|gen_ai)_\w+(?=[[{]|$)/g)].map(([name]) => name),
  );
  expect(named.length).toBeGreaterThanOrEqual(expressions.length);
  const unknown = named.filter(
    (name) => !prometheusNames.has(name.replace(/(?:_total|_seconds_bucket|_seconds_sum)$/, '')),
  );
  expect(unknown).toEqual([]);
});

test('the example tells of its run in spans, events, metrics and log lines', async () => {
  const log = new PassThrough();
  const { spans, evaluations, metrics } = await watchRun(log);
  expect(spans.filter((name) => name === 'grade_answer')).toHaveLength(2);
  expect(spans).toContain('invoke_workflow grade_answers');
  expect(evaluations).toHaveLength(2);
  expect(metrics).toContain('gradelanes.answers');
  expect(String(log.read())).toContain('gradelanes run ended');
});
