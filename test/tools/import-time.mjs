// How long the root entry takes to import in a fresh process, beside p-queue and zod/mini alone: what it must load anyway.
import { execFileSync } from 'node:child_process';

const pairs = 15;
const limit = 1.5;
const root = [`import('gradelanes')`];
const baseline = [`import('p-queue')`, `import('zod/mini')`];
const samples = Array.from({ length: pairs }, () => ({ root: importMs(root), baseline: importMs(baseline) }));
const ratio = median(samples.map((sample) => sample.root / sample.baseline));
const rootMs = median(samples.map((sample) => sample.root));
const baselineMs = median(samples.map((sample) => sample.baseline));

console.log(`root ${rootMs.toFixed(1)} ms, p-queue and zod/mini ${baselineMs.toFixed(1)} ms, ${pairs} pairs`);
console.log(`ratio ${ratio.toFixed(2)}, at most ${limit}`);
if (ratio > limit) process.exitCode = 1;

/** Milliseconds from the first import to the last, without the start of Node. */
function importMs(imports) {
  const script = `const start = performance.now(); await Promise.all([${imports.join()}]); console.log(performance.now() - start);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
