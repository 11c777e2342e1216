// The review routes behind real servers of Node, over real connections.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getRequestListener, serve as serveWithHono } from '@hono/node-server';
import { createServerAdapter } from '@whatwg-node/server';
import express from 'express';
import { createGrader, type Grader } from 'gradelanes';
import { createReviewHandler, type ReviewHandler } from 'gradelanes/http';
import { mockProvider, type MockProvider } from 'gradelanes/testing';
import { serve as serveWithSrvx } from 'srvx';
import { describe, expect, test, vi } from 'vitest';
import { app as expressMount } from '../examples/mount/express.ts';
import { app as expressWithParser } from '../examples/mount/express-with-parser.ts';
import { review } from '../examples/mount/review.ts';
import { expectPreflights, expectReadsBodies, expectReviewServer, post } from './http/server-contract.js';

interface Listening extends AsyncDisposable {
  url: string;
}

const servers: readonly { name: string; start: (handler: ReviewHandler) => Promise<Listening> }[] = [
  {
    name: '@hono/node-server',
    start: async (fetch) => listening(serveWithHono({ fetch, port: 0, hostname: '127.0.0.1' }) as Server),
  },
  { name: 'srvx', start: startSrvx },
  { name: '@whatwg-node/server', start: (handler) => listen(createServerAdapter(handler)) },
  {
    name: 'Express through @whatwg-node/server',
    start: (handler) => listen(expressWith(createServerAdapter(handler))),
  },
  { name: 'Express through @hono/node-server', start: (handler) => listen(expressWith(getRequestListener(handler))) },
];

describe.for(servers)('$name', ({ start }) => {
  test('serves the review routes', async () => {
    await using server = await start(review);
    await expectReviewServer(server.url);
    await expectReadsBodies(server.url);
  });

  test.for(['application/json', 'text/event-stream'])(
    'aborts the calls of a client that leaves, replying with %s',
    async (accept) => {
      const provider = mockProvider((_, { signal }) => untilAborted(signal));
      await using server = await start(reviewWith(provider));
      const leaving = new AbortController();
      const replied = fetch(`${server.url}/api/review/session/42/answer/ice`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: '{"question_index":0,"answer":"x"}',
        signal: leaving.signal,
      });
      await vi.waitFor(() => expect(provider.calls.length).toBe(1));
      leaving.abort();
      await replied.then((response) => response.text()).catch(() => {});
      await vi.waitFor(() => expect(provider.calls[0]?.signal.aborted).toBe(true));
    },
  );
});

describe.for([
  ['examples/mount/express.ts', expressMount],
  ['examples/mount/express-with-parser.ts', expressWithParser],
] as const)('%s', ([name, mount]) => {
  test('serves the review routes, and answers whatever is wrong with a body as a problem', async () => {
    await using server = await listen(mount);
    await expectReviewServer(server.url);
    await expectReadsBodies(server.url);
    await expectPreflights(server.url);
  });

  test('survives clients that leave before, while and after they are replied to', async () => {
    // A process of its own: what Node throws there, nothing in it can catch.
    const script = `
      import { app } from '${pathToFileURL(resolve(name)).href}';
      const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const [line]: unknown[] = await once(child.stdout, 'data');
    const port = Number(String(line));
    const body = '{"answers":[{"question_index":0,"answer":"It is less dense."}]}';
    const head = ['POST /api/review/session/42/answers/ice/parallel HTTP/1.1', 'host: localhost'];
    for (const cookie of ['session=amina', '']) {
      for (const left of [[], [`content-length: ${body.length}`, '', body]]) {
        for (const waitMs of [0, 2, 5, 10]) {
          const socket = connect(port, '127.0.0.1');
          await once(socket, 'connect');
          socket.on('error', () => {});
          socket.write([...head, 'content-type: application/json', `cookie: ${cookie}`, ...left].join('\r\n'));
          await new Promise((done) => void setTimeout(done, waitMs));
          socket.destroy();
        }
      }
    }
    await expectReviewServer(`http://127.0.0.1:${port}`);
    child.kill();
    expect(await ended).toEqual([null, 'SIGTERM']);
  });
});

describe('a server under load', () => {
  test('grades 200 reviews at once under one limit, loses none and mixes up none', async () => {
    const provider = mockProvider(({ answer }) => ({ score: 1, feedback: answer }));
    await using server = await listen(createServerAdapter(reviewWith(provider)));
    const replies = await Promise.all(
      Array.from({ length: 200 }, async (_, learner) => {
        const answers = Array.from({ length: 5 }, (__, index) => ({
          question_index: index,
          answer: `${learner} says ${index}`,
        }));
        const response = await post(server.url, 'answers/ice/parallel', JSON.stringify({ answers }));
        return (await response.json()) as { data: { feedback: string }[] };
      }),
    );
    expect(replies.map(({ data }) => data.map(({ feedback }) => feedback))).toEqual(
      replies.map((_, learner) => Array.from({ length: 5 }, (__, index) => `${learner} says ${index}`)),
    );
    expect(provider.peakInFlight).toBeLessThanOrEqual(10);
    expect(provider.calls.length).toBe(1_000);
  });

  test('of whose 200 clients 100 leave midway aborts their calls, serves the others and leaves nothing running', async () => {
    const release = Promise.withResolvers<number>();
    const provider = mockProvider((_, { signal }) => Promise.race([release.promise, untilAborted(signal)]));
    const grader = createGrader({ provider, maxConcurrentTasks: 10, guards: false });
    await using server = await listen(createServerAdapter(reviewWith(provider, grader)));
    const leaving = new AbortController();
    const replies = Array.from({ length: 200 }, async (_, learner) => {
      const answers = Array.from({ length: 5 }, (__, index) => ({
        question_index: index,
        answer: `${learner} says ${index}`,
      }));
      const signal = learner % 2 === 0 ? leaving.signal : undefined;
      const response = await post(server.url, 'answers/ice/parallel', JSON.stringify({ answers }), {}, signal);
      return ((await response.json()) as { metrics: { graded_count: number } }).metrics.graded_count;
    });
    const settled = Promise.allSettled(replies);
    // Of a review that waits for slots, one call stands in line.
    await vi.waitFor(() => expect(grader.controller.snapshot()).toMatchObject({ running: 10, waiting: 198 }), 10_000);
    leaving.abort();
    await vi.waitFor(() => expect(grader.controller.snapshot().waiting).toBeLessThanOrEqual(100), 10_000);
    release.resolve(1);
    const outcomes = await settled;
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBe(100);
    expect(outcomes.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))).toEqual(
      Array.from({ length: 100 }, () => 5),
    );
    await vi.waitFor(() => expect(grader.controller.snapshot()).toMatchObject({ running: 0, waiting: 0 }));
    expect(provider.calls.every(({ endedAt }) => endedAt !== undefined)).toBe(true);
    expect(provider.peakInFlight).toBeLessThanOrEqual(10);
  });
});

function reviewWith(
  provider: MockProvider,
  grader: Grader = createGrader({ provider, maxConcurrentTasks: 10, guards: false }),
): ReviewHandler {
  return createReviewHandler({
    grader,
    authorize: 'none',
    load: () => ({ questions: Array.from({ length: 5 }, (_, index) => ({ prompt: `Question ${index}?` })) }),
  });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

function expressWith(listener: RequestListener): RequestListener {
  return express().use((request, response) => listener(request, response));
}

async function startSrvx(fetch: ReviewHandler): Promise<Listening> {
  const server = serveWithSrvx({ fetch, port: 0, hostname: '127.0.0.1', silent: true, gracefulShutdown: false });
  await server.ready();
  return { url: (server.url ?? '').replace(/\/$/, ''), [Symbol.asyncDispose]: () => server.close(true) };
}

function listen(listener: RequestListener): Promise<Listening> {
  return listening(createServer(listener).listen(0, '127.0.0.1'));
}

async function listening(server: Server): Promise<Listening> {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
