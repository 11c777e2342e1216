// The review routes in other runtimes, each from its npm package: the same handler, bundled as an app would be.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { expectPreflights, expectReadsBodies, expectReviewServer, expectServesAtOnce } from './http/server-contract.js';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gradelanes-runtimes-'));

const SLOW_APP = `
  import { createGrader } from 'gradelanes';
  import { createReviewHandler } from 'gradelanes/http';
  import worker from './worker.ts';
  import { reviewOptions } from './review-options.ts';

  const load = () => ({ questions: [{ prompt: 'Why?' }] });
  const provider = {
    grade: async (items) => {
      await new Promise((done) => setTimeout(done, 300));
      return items.map(({ id }) => ({ id, score: 1 }));
    },
  };
  export default {
    fetch: (request, env) => {
      if (!request.url.includes('/at-once/')) return worker.fetch(request, env);
      const grader = createGrader({ provider, maxConcurrentTasks: 5 });
      return createReviewHandler({ ...reviewOptions, load, grader, basePath: '/at-once/review' })(request);
    },
  };`;

beforeAll(async () => {
  await build({
    // With a model that takes time, on a grader of 5: three of eight requests wait for a slot, where graders are shared.
    stdin: { contents: SLOW_APP, resolveDir: `${project}examples/mount`, loader: 'ts' },
    alias: Object.fromEntries(
      ['/http', '/offline', ''].map((entry) => [`gradelanes${entry}`, `${project}src${entry || '/index'}.ts`]),
    ),
    bundle: true,
    format: 'esm',
    outfile: join(folder, 'app.js'),
    logLevel: 'error',
  });
  writeFileSync(
    join(folder, 'bun.js'),
    "import app from './app.js'; Bun.serve({ fetch: app.fetch, port: process.argv[2] });",
  );
  writeFileSync(
    join(folder, 'deno.js'),
    "import app from './app.js'; Deno.serve({ port: Number(Deno.args[0]) }, app.fetch);",
  );
  writeFileSync(
    join(folder, 'workerd.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = (
        modules = [(name = "app", esModule = embed "app.js")],
        compatibilityDate = "2026-01-01",
      ))],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
    );`,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the review routes', () => {
  test.concurrent.for([
    { name: 'Bun', command: ['bun', 'bun.js', 'PORT'] },
    { name: 'Deno', command: ['deno', 'run', '--quiet', '--allow-net', 'deno.js', 'PORT'] },
    { name: 'workerd', command: ['workerd', 'serve', '--socket-addr', 'http=127.0.0.1:PORT', 'workerd.capnp'] },
  ])('are served by $name', async ({ command: [name = '', ...words] }) => {
    const port = await freePort();
    const given = words.map((word) => word.replace('PORT', String(port)));
    const child = spawn(`${project}node_modules/.bin/${name}`, given, { cwd: folder, detached: true, stdio: 'ignore' });
    try {
      const url = `http://127.0.0.1:${port}`;
      await vi.waitFor(() => expect(fetch(url)).resolves.toBeInstanceOf(Response), { timeout: 20_000 });
      await expectReviewServer(url);
      await expectReadsBodies(url);
      await expectPreflights(url);
      await expectServesAtOnce(url);
    } finally {
      await end(child);
    }
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  // With what it may have started: some are launchers.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  await ended;
}
