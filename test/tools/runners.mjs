// The packed tarball under the test runners that people use: every suite of test/package/runners in a process of its own,
// two at a time. `node test/tools/runners.mjs jest bun` runs those named alone. Needs a build.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { packInto } from './pack.mjs';

/** Far beyond what a suite takes: one that hangs must not hang this. */
const LIMIT_MS = 120_000;

const bin = (name) => resolve('node_modules/.bin', name);
const node = process.execPath;
const runners = {
  vitest: [node, [resolve('node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.config.mjs']],
  jest: [node, ['--experimental-vm-modules', '--no-warnings', resolve('node_modules/jest/bin/jest.js'), '--no-cache']],
  'node:test': [node, ['--test', '--test-reporter=dot', 'node.test.mjs']],
  bun: [bin('bun'), ['test', './bun.test.mjs']],
  deno: [bin('deno'), ['test', '--allow-all', '--no-check', '--quiet', '--node-modules-dir=manual', 'deno.test.mjs']],
  mocha: [node, [resolve('node_modules/mocha/bin/mocha.js'), '--timeout=10000', 'mocha.test.mjs']],
  'mocha under tsx': [
    node,
    [resolve('node_modules/mocha/bin/mocha.js'), '--require=tsx', '--timeout=10000', 'mocha-tsx.test.js'],
  ],
};

const asked = process.argv.slice(2);
const names = Object.keys(runners).filter((name) => asked.length === 0 || asked.some((each) => name.startsWith(each)));
const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'gradelanes-runners-')));
const failed = [];
try {
  await install();
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await report(name);
  };
  await Promise.all([work(), work()]);
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
if (failed.length > 0) throw new Error(`not so under ${failed.join(', ')}`);

async function install() {
  packInto(join(workspace, 'node_modules/gradelanes'));
  for (const name of ['vitest', 'jsdom', 'happy-dom', 'sinon', '@swc/jest', '@swc/core', '@jest/globals', 'tsx']) {
    const link = join(workspace, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve('node_modules', name), link);
  }
  symlinkSync(resolve('node_modules/jest-environment-jsdom'), join(workspace, 'node_modules/jest-environment-jsdom'));
  cpSync('test/package/runners', workspace, { recursive: true });
  writeFileSync(join(workspace, 'package.json'), '{ "private": true }');
}

async function report(name) {
  const startedAt = Date.now();
  const { code, output } = await run(...runners[name]);
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
  if (code !== 0) failed.push(name);
  console.log(code === 0 ? `ok: ${name} in ${seconds} s` : `not ok: ${name} in ${seconds} s, ended ${code}\n${output}`);
}

function run(command, args) {
  return new Promise((done) => {
    // Cassettes never record under CI, and one of the rows records.
    const env = { ...process.env, CI: '', NO_COLOR: '1', FORCE_COLOR: '0' };
    const child = spawn(command, args, { cwd: workspace, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => void (output += chunk));
    child.on('close', (code) => done({ code, output }));
  });
}
