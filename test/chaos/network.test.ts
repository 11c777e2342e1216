import { gradeAnswersConcurrently } from 'gradelanes';
import type { MockServer } from 'gradelanes/testing-server';
import { describe, expect, test } from 'vitest';
import { COUNT, everyNth, LIMIT, useWire } from './use-wire.js';
import { vendors } from './vendors.js';

const { start, run } = useWire();

/** Sends requests that carry the text to a host that does not exist. */
function fetchThatLoses(text: string): typeof fetch {
  return (input, init) => fetch(String(init?.body).includes(text) ? 'http://grading.invalid' : input, init);
}

describe.each(vendors)('a network that fails under $name', ({ provider }) => {
  test('1: a host that is not found is tried again, then fails as network, and the other answers are graded', async () => {
    const server = await start();
    const { report } = await run([server], {
      grade: gradeAnswersConcurrently as never,
      provider: provider(server.url, { fetch: fetchThatLoses('answer 7') }),
      everyCallArrives: false,
    });
    console.log(report.results[7], report.metrics.totalProcessingTimeMs, report.metrics.latencyMs);
    expect(report.metrics).toMatchObject({ gradedCount: 11, failedCount: 1, requests: 14, retries: 2 });
  });

  test('2: a refused', async () => {
    const server = await start();
    await server.close();
    const { report } = await run([server], { provider: provider(server.url), count: 30, everyCallArrives: false });
    console.log(
      report.results.map((r) => (r.status === 'failed' ? r.error.code + ' ' + r.attempts : 'graded')),
      report.metrics.requests,
      report.metrics.fallbacks,
      report.results[29],
      report.results[0],
      report.metrics.totalProcessingTimeMs,
    );
  });
  test('9: tls', async () => {
    const server = await start();
    const { report } = await run([server], {
      provider: provider(server.url.replace('http:', 'https:')),
      count: 30,
      everyCallArrives: false,
    });
    console.log(
      report.results.map((r) => (r.status === 'failed' ? r.error.code + ' ' + r.attempts : 'graded')),
      report.metrics.requests,
      report.metrics.fallbacks,
      report.results[0],
    );
  });
  test('8: idle', async () => {
    const server = await start();
    const p = provider(server.url);
    await run([server], { provider: p, count: 10, maxConcurrentTasks: 10 });
    console.log(server.openSockets, server.requests.length);
    server.dropConnections();
    const { report, events } = await run([server], {
      provider: p,
      count: 10,
      everyCallArrives: false,
      maxConcurrentTasks: 10,
    });
    console.log(report.metrics, server.requests.length);
    console.log(events.filter((e) => e.type === 'call-ended').map((e) => [e.outcome, e.error?.message]));
  });
  test('10: drop', async () => {
    let at: MockServer | undefined;
    const server = await start({
      respond: ({ index }) => {
        if (index === 8) at?.dropConnections();
        return undefined;
      },
    });
    at = server;
    const { report, events } = await run([server], {
      provider: provider(server.url),
      count: 20,
      maxConcurrentTasks: 5,
      everyCallArrives: false,
    });
    console.log(
      report.metrics.requests,
      report.metrics.retries,
      report.metrics.processingModeUsed,
      report.metrics.fallbacks,
      report.metrics.gradedCount,
    );
    console.log(events.filter((e) => e.type === 'circuit-changed'));
  });
});
