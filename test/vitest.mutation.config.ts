import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import tests from './vitest.config.js';

/**
 * What a mutation run starts anew for each mutant: the unit tests of the core, in one process. Give it a file, as in
 * `npm run test:mutation -- --mutate src/engine/limits/dispatcher.ts`: all of the engine takes hours.
 */
const config: ViteUserConfig = mergeConfig(tests, {
  test: { fileParallelism: false, testTimeout: 10_000 },
});
config.test = { ...config.test, include: ['test/{engine,input,async}/**/*.test.ts'], setupFiles: [] };

export default config;
