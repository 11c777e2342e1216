import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

const config: ViteUserConfig = defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^gradelanes$/, replacement: `${root}src/index.ts` },
      { find: /^gradelanes\/(.*)$/, replacement: `${root}src/$1.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Cassettes never record where this is set: tests that are about that set it themselves.
    env: { CI: '' },
    // What files share is loaded once per worker; that none leaves anything behind is what the setup file sees to.
    isolate: false,
    // Real sockets, timers and processes spend much of their time waiting.
    maxWorkers: '200%',
    // Simulations over thousands of seeds take seconds, more of them on a busy machine.
    testTimeout: 240_000,
    // Real sockets on a machine that does other things too: once more, then it counts.
    retry: process.env['CI'] === undefined ? 0 : 1,
    reporters:
      process.env['CI'] === undefined ? ['default'] : ['default', ['json', { outputFile: 'coverage/tests.json' }]],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: [['text', { skipFull: true }], 'json-summary'],
      thresholds: { statements: 95, branches: 95, functions: 95, lines: 95 },
    },
  },
});

export default config;
