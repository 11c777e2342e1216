// A million answers through gradeAnswersStream: memory stays where it is, an answer costs the same at the end as at the
// start, and a reader that stops stops the calls. `--answers 200000` for a shorter run.
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gradeAnswersStream } from 'gradelanes';
import { median } from './median.mjs';

const { values } = parseArgs({ options: { answers: { type: 'string', default: '1000000' } } });
const ANSWERS = Number(values.answers);
/** Answers per row of the table. */
const BLOCK = 100_000;
/** Live heap that may be added while a block is graded, in MB. */
const MOST_GROWTH_MB = 16;
/**
 * CPU per answer in the last blocks over that in the first ones, as medians: other work on the machine moves single blocks
 * by more than that, and the clock on the wall too.
 */
const MOST_RISE = 1.2;
const COMPARED_BLOCKS = 3;
/** Live heap is measured so often. */
const SAMPLE_EVERY = 10_000;

const LIMIT = 5;
const WINDOW = 4 * LIMIT;
const MB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const question = { prompt: 'Why does ice float?' };
const provider = { grade: async (items) => items.map(({ id }) => ({ id, score: 1 })) };

await blocksOf(BLOCK);
const blocks = await blocksOf(ANSWERS);
const costs = blocks.map(({ cpuUs }) => cpuUs);
const rise = median(costs.slice(-COMPARED_BLOCKS)) / median(costs.slice(0, COMPARED_BLOCKS));
const growthMb = Math.max(...blocks.map((block) => block.growthMb));
const callsLater = await callsAfterReaderStopped();
console.table(
  blocks.map(({ answers, cpuUs, growthMb: mb }) => ({
    answers,
    'CPU per answer (us)': cpuUs.toFixed(1),
    'heap growth (MB)': mb.toFixed(2),
  })),
);
const checks = [
  [`the last answers cost ${rise.toFixed(2)} times what the first ones did`, rise <= MOST_RISE],
  [`the heap grows by ${growthMb.toFixed(2)} MB in ${BLOCK} answers`, growthMb <= MOST_GROWTH_MB],
  [`${callsLater} calls after the reader stopped, of ${LIMIT + WINDOW}`, callsLater <= LIMIT + WINDOW],
];
for (const [what, isFine] of checks) console.log(isFine ? 'ok  ' : 'FAIL', what);
if (checks.some(([, isFine]) => !isFine)) process.exitCode = 1;

function* answersOf(count) {
  for (let index = 0; index < count; index++) yield { question, answer: `answer ${index}`, id: `row ${index}` };
}

/** One stream, measured block by block. */
async function blocksOf(count) {
  const rows = [];
  let read = 0;
  let start = measure();
  let mostHeap = start.heap;
  for await (const { index, status } of gradeAnswersStream(answersOf(count), { provider })) {
    if (index !== read || status !== 'graded') throw new Error(`result ${read} has index ${index} and is ${status}`);
    read++;
    if (read % SAMPLE_EVERY !== 0) continue;
    const cpu = process.cpuUsage();
    mostHeap = Math.max(mostHeap, measure().heap);
    // Measuring costs too.
    start.aside += totalUs(process.cpuUsage(cpu));
    if (read % BLOCK !== 0) continue;
    const cpuUs = (totalUs(process.cpuUsage(start.cpu)) - start.aside) / BLOCK;
    rows.push({ answers: read, cpuUs, growthMb: (mostHeap - start.heap) / MB });
    start = measure();
    mostHeap = start.heap;
  }
  if (read !== count) throw new Error(`${read} of ${count} came back`);
  return rows;
}

function measure() {
  collectGarbage();
  return { cpu: process.cpuUsage(), heap: process.memoryUsage().heapUsed, aside: 0 };
}

function totalUs({ user, system }) {
  return user + system;
}

async function callsAfterReaderStopped() {
  let calls = 0;
  const counting = {
    grade: async (items) => {
      calls++;
      return items.map(({ id }) => ({ id, score: 1 }));
    },
  };
  const results = gradeAnswersStream(answersOf(1_000_000), { provider: counting })[Symbol.asyncIterator]();
  const read = 1_000;
  for (let count = 0; count < read; count++) await results.next();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await results.return();
  return calls - read;
}
