import type { Options } from 'tsup';

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
    offline: 'src/offline.ts',
    openai: 'src/openai.ts',
    testing: 'src/testing.ts',
    'testing-server': 'src/testing-server.ts',
  },
  format: ['esm'],
  target: 'es2023',
  platform: 'neutral',
  external: [/^node:/, 'rate-limiter-flexible'],
  // Inlined: imported whole, zod loads some ninety files, most of the cost of a cold start; see docs/decisions/0032.
  noExternal: ['zod'],
  dts: true,
  removeNodeProtocol: false,
  splitting: true,
  sourcemap: true,
  clean: true,
};

export default config;
