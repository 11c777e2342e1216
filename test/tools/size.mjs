// What each entry costs: minified and gzipped with its dependencies, what it loads at once apart from what it loads
// lazily. Fails over budget, and when an entry holds a package or a Node module that it must not. `--why` lists the largest
// modules of the root entry.
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes after gzip; `beyondRoot` counts what an app that has the root entry already does not hold yet. */
const budgets = {
  // The design says 80 KB and 4 KB; these two hold what was measured last, to go down and not up.
  index: { total: 86.5 * 1024 },
  client: { total: 4.25 * 1024 },
  // A page loads the view of each element that it has, and the words of its language if that is not English.
  elements: { total: 6 * 1024, lazyChunk: 5 * 1024 },
  otel: { beyondRoot: 6 * 1024 },
  evaluate: { beyondRoot: 40 * 1024 },
  testing: { beyondRoot: 12 * 1024 },
};
const allowedPackages = new Set(['p-queue', 'zod']);
const withoutPackages = new Set(['client', 'elements']);
const nodeOnly = new Set(['jobs', 'testing-server']);

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.values(exports).flatMap(({ default: path }) => (path === undefined ? [] : [path.slice(2)]));
const root = entries[0];
const complaints = [];
const rows = [];
for (const entry of entries) rows.push(await measure(entry));
console.table(Object.fromEntries(rows));
if (process.argv.includes('--why')) console.table(await largestModules(root));
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;

async function measure(entry) {
  const name = nameOf(entry);
  const alone = await bundle([entry]);
  const total = sizeOf(alone, staticChunks(alone, entry));
  const beyondRoot = entry === root ? 0 : await sizeBeyondRoot(entry);
  const lazy = lazyChunks(alone, entry).map((chunk) => [nameOf(chunk.entryPoint ?? ''), chunk.bytes]);
  checkBudget(name, total, beyondRoot, lazy);
  checkContents(name, alone);
  const inWords = lazy.map(([chunk, bytes]) => `${chunk} ${bytes}`).join(', ');
  return [name, { 'min+gzip': total, 'beyond root': beyondRoot, 'lazy chunks': inWords }];
}

async function bundle(entryPoints) {
  const { metafile, outputFiles } = await build({
    entryPoints,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    mainFields: ['module', 'main'],
    // An optional peer that only Node has a use for.
    external: ['node:*', 'rate-limiter-flexible', ...builtinModules],
    outdir: '.size',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const outputs = Object.entries(metafile.outputs);
  return new Map(
    outputs.map(([path, output], index) => [
      path,
      { ...output, bytes: gzipSync(outputFiles[index].contents, { level: 9 }).length },
    ]),
  );
}

/** An app that imports both: what only the entry needs lands in chunks of its own. */
async function sizeBeyondRoot(entry) {
  const both = await bundle([root, entry]);
  return sizeOf(both, staticChunks(both, entry).difference(staticChunks(both, root)));
}

/** The paths of the chunks that load together with an entry point. */
function staticChunks(chunks, entryPoint) {
  const paths = new Set([...chunks].filter(([, chunk]) => chunk.entryPoint === entryPoint).map(([path]) => path));
  for (const path of paths) {
    for (const each of importsOf(chunks, path)) if (each.kind !== 'dynamic-import') paths.add(each.path);
  }
  return paths;
}

/** One per dynamic import that can be reached: what it loads that the entry did not. */
function lazyChunks(chunks, entry) {
  const atOnce = staticChunks(chunks, entry);
  const targets = new Set();
  for (const path of chunks.keys()) {
    for (const each of importsOf(chunks, path)) if (each.kind === 'dynamic-import') targets.add(each.path);
  }
  return [...targets].map((path) => {
    const { entryPoint } = chunks.get(path);
    return { entryPoint, bytes: sizeOf(chunks, staticChunks(chunks, entryPoint).difference(atOnce)) };
  });
}

function importsOf(chunks, path) {
  return chunks.get(path).imports.filter((each) => each.external !== true);
}

function sizeOf(chunks, paths) {
  return [...paths].reduce((sum, path) => sum + chunks.get(path).bytes, 0);
}

/** Minified bytes, before gzip, of what loads at once. */
async function largestModules(entry) {
  const source = entry.replace('dist/', 'src/').replace('.js', '.ts');
  const chunks = await bundle([source]);
  const modules = [...staticChunks(chunks, source)].flatMap((path) => Object.entries(chunks.get(path).inputs));
  const sizes = modules.map(([path, { bytesInOutput }]) => [path, bytesInOutput]);
  return Object.fromEntries(sizes.toSorted((a, b) => b[1] - a[1]).slice(0, 25));
}

function checkBudget(name, total, beyondRoot, lazy) {
  const budget = budgets[name] ?? {};
  const check = (what, bytes, limit = Infinity) => {
    if (bytes > limit) complaints.push(`${name}: ${what} is ${bytes} bytes, over its budget of ${limit}`);
  };
  check('the static graph', total, budget.total);
  check('what it adds to the root entry', beyondRoot, budget.beyondRoot);
  for (const [chunk, bytes] of lazy) check(`the lazy chunk ${chunk}`, bytes, budget.lazyChunk);
}

function checkContents(name, chunks) {
  for (const { inputs, imports } of chunks.values()) {
    const packages = Object.keys(inputs).flatMap(
      (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
    );
    const strange = new Set(packages.filter((each) => withoutPackages.has(name) || !allowedPackages.has(each)));
    const builtin = imports.filter((each) => each.external === true && !nodeOnly.has(name)).map((each) => each.path);
    for (const each of [...strange, ...builtin]) complaints.push(`${name}: must not import ${each}`);
  }
}

function nameOf(path) {
  return path.replace(/^.*\//, '').replace(/(-[A-Z0-9]{8})?\.js$/, '');
}
