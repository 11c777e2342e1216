// A cold start in a fresh process: the import of the root entry, and the first verdict after it, beside p-queue and
// zod/mini alone, in turns. Fails when the first verdict takes longer than 1.8 times the import of those two.
import { execFileSync } from 'node:child_process';

const rounds = 21;
const limit = 1.8;
const scripts = {
  baseline: `await Promise.all([import('p-queue'), import('zod/mini')]);`,
  root: `await import('gradelanes');`,
  firstVerdict: `const { gradeAnswersWithFallback } = await import('gradelanes');
    const provider = { grade: async (items) => items.map(({ id }) => ({ id, score: 1 })) };
    const { results } = await gradeAnswersWithFallback([{ question: { prompt: 'Why?' }, answer: 'So.' }], { provider });
    if (results[0].status !== 'graded') throw new Error('not graded');`,
};

const samples = Array.from({ length: rounds }, () =>
  Object.fromEntries(Object.entries(scripts).map(([name, script]) => [name, coldMs(script)])),
);
for (const name of Object.keys(scripts)) {
  const ms = median(samples.map((sample) => sample[name]));
  const ratio = median(samples.map((sample) => sample[name] / sample.baseline));
  console.log(`${name.padEnd(12)} ${ms.toFixed(1).padStart(6)} ms, ${ratio.toFixed(2)} x p-queue and zod/mini`);
}
const ratio = median(samples.map(({ firstVerdict, baseline }) => firstVerdict / baseline));
console.log(`${rounds} rounds; first verdict at most ${limit} x`);
if (ratio > limit) process.exitCode = 1;

/** Milliseconds that a script takes in a process of its own, without the start of Node. */
function coldMs(script) {
  const timed = `const start = performance.now(); ${script} console.log(performance.now() - start);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', timed], { encoding: 'utf8' }));
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
