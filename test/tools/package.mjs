// The packed tarball, installed into a fresh project outside this one, used as its users will: from ESM, CommonJS,
// TypeScript with both majors of the SDKs, and a browser. Needs a build, and the registry for what is not in npm's cache.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import vm from 'node:vm';
import { build } from 'esbuild';

const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'gradelanes-package-')));
const currentSdks = { '@anthropic-ai/sdk': '@anthropic-ai/sdk', openai: 'openai' };
const previousSdks = { '@anthropic-ai/sdk': 'anthropic-previous', openai: 'openai-previous' };
/** What browsers, workers and Node have in common; nothing else is there when the bundle runs. */
const webGlobals = [
  ...['AbortController', 'AbortSignal', 'DOMException', 'Event', 'EventTarget', 'CustomEvent', 'MessageChannel'],
  ...['TextDecoder', 'TextEncoder', 'URL', 'clearTimeout', 'crypto', 'fetch', 'performance', 'queueMicrotask'],
  ...['setTimeout', 'structuredClone'],
];

try {
  install();
  check('an ESM project grades', () => runConsumer('esm-consumer.mjs'));
  check('a CommonJS project grades through require', () => runConsumer('commonjs-consumer.cjs'));
  check('declarations compile without the SDKs, skipLibCheck off', () => compile('typed-consumer.ts', false));
  for (const sdks of [currentSdks, previousSdks]) {
    check(`clients of ${Object.values(sdks).join(' and ')} fit`, () => compileWithSdks(sdks));
  }
  await checkBrowser();
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

function install() {
  const [{ filename }] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', workspace));
  writeFileSync(join(workspace, 'package.json'), '{ "private": true, "type": "module" }');
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
  npm('install', '--prefix', workspace, ...quiet, join(workspace, filename));
}

function npm(...args) {
  return execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function check(what, run) {
  try {
    run();
  } catch (error) {
    throw new Error(`not so: ${what}`, { cause: error });
  }
  console.log(`ok: ${what}`);
}

/** A consumer asserts by itself; warnings of Node count as failures. */
function runConsumer(name) {
  const file = copyConsumer(name);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: workspace, encoding: 'utf8' });
  if (status !== 0 || stdout !== '' || stderr !== '') throw new Error(`${name} ended ${status}: ${stdout}${stderr}`);
}

function copyConsumer(name) {
  copyFileSync(join('test/package', name), join(workspace, name));
  return join(workspace, name);
}

function compileWithSdks(sdks) {
  for (const [name, installedAs] of Object.entries(sdks)) {
    const link = join(workspace, 'node_modules', name);
    mkdirSync(resolve(link, '..'), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(resolve('node_modules', installedAs), link);
  }
  compile('sdk-consumer.ts', true);
}

/** As a project does that has no types of Node. */
function compile(name, skipLibCheck) {
  copyConsumer(name);
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
    module: 'nodenext',
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck,
  };
  writeFileSync(join(workspace, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }));
  execFileSync('node_modules/.bin/tsc', ['-p', workspace], { stdio: 'inherit' });
}

async function checkBrowser() {
  const { outputFiles } = await build({
    entryPoints: [copyConsumer('browser-consumer.mjs')],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'consumer',
    write: false,
  });
  const web = Object.fromEntries(webGlobals.map((name) => [name, globalThis[name]]));
  const outcome = await vm.runInNewContext(`${outputFiles[0].text}; consumer.outcome`, web, { timeout: 10_000 });
  if (outcome !== 'graded offline, graded offline, graded offline')
    throw new Error(`the browser bundle says ${outcome}`);
  console.log('ok: the browser bundle grades without anything of Node');
}
