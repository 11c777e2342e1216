import { readFile } from 'node:fs/promises';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * p-queue starts its next task by the global `queueMicrotask`, which Jest and sinon fake together with the timers: every
 * run of more answers than slots hung in their tests. A promise waits just as long, and nobody fakes it. Appended, so that
 * the lines of the source map stay.
 */
const promisesForMicrotasks: Plugin = {
  name: 'promises-for-microtasks',
  setup(build) {
    build.onLoad({ filter: /[\\/]p-queue[\\/]dist[\\/]index\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return {
        contents: `${source}\nfunction queueMicrotask(task) { void Promise.resolve().then(task); }\n`,
        loader: 'js',
      };
    });
  },
};

const config: Options = {
  entry: {
    index: 'src/index.ts',
    'ai-sdk': 'src/ai-sdk.ts',
    anthropic: 'src/anthropic.ts',
    bulk: 'src/bulk.ts',
    client: 'src/client.ts',
    elements: 'src/elements.ts',
    evaluate: 'src/evaluate.ts',
    http: 'src/http.ts',
    jobs: 'src/jobs.ts',
    limiter: 'src/limiter.ts',
    offline: 'src/offline.ts',
    openai: 'src/openai.ts',
    otel: 'src/otel.ts',
    testing: 'src/testing.ts',
    'testing-server': 'src/testing-server.ts',
  },
  format: ['esm'],
  target: 'es2023',
  platform: 'neutral',
  external: [/^node:/, 'rate-limiter-flexible'],
  // Inlined: imported whole, zod loads some ninety files, most of the cost of a cold start; see docs/decisions/0032.
  // p-queue for what the plugin above mends; see docs/decisions/0034.
  noExternal: ['zod', 'p-queue'],
  esbuildPlugins: [promisesForMicrotasks],
  dts: true,
  removeNodeProtocol: false,
  splitting: true,
  sourcemap: true,
  clean: true,
};

export default config;
