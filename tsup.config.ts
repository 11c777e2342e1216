import type { Options } from 'tsup';

const config: Options = {
  entry: {
    index: 'src/index.ts',
    anthropic: 'src/anthropic.ts',
    openai: 'src/openai.ts',
    'ai-sdk': 'src/ai-sdk.ts',
    offline: 'src/offline.ts',
    testing: 'src/testing.ts',
    'testing-server': 'src/testing-server.ts',
  },
  format: ['esm'],
  target: 'es2023',
  platform: 'neutral',
  external: [/^node:/],
  dts: true,
  splitting: true,
  sourcemap: true,
  clean: true,
};

export default config;
