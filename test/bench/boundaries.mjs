// Whatever stands at a boundary of a run (what a provider reports, throws, returns or writes into what it was given, the
// columns of a row, a store, a lookup, a listener, a logger): no run rejects or hangs, no grade is made up. The property
// of test/engine/boundaries.test.ts with 10,000 drawn runs, or as many as the first argument says. Needs no build.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const runs = process.argv[2] ?? '10000';
const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));
const args = ['run', '--config', 'test/vitest.config.ts', 'test/engine/boundaries.test.ts', '--testTimeout', '3600000'];
const env = { ...process.env, BOUNDARY_RUNS: runs };
process.exitCode = spawnSync(process.execPath, [vitest, ...args], { stdio: 'inherit', env }).status ?? 1;
