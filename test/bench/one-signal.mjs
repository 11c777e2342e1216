// 100,000 answers wait on one abort signal: the time to start and to abort grows with their number, not with its square.
import { createConcurrencyController, gradeAnswersConcurrently } from 'gradelanes';

const COUNTS = [12_500, 25_000, 50_000, 100_000];
/** CPU per answer, over that of the fewest: half as much again for the memory they need. */
const MOST_GROWTH = 1.5;

const question = { prompt: 'Why does ice float?' };
await measure(COUNTS[0]);
const rows = [];
for (const count of COUNTS) {
  const { gradeUs, abortUs } = await measure(count);
  const [first] = rows;
  const growth = first === undefined ? 1 : Math.max(gradeUs / first.gradeUs, abortUs / first.abortUs);
  rows.push({ count, gradeUs, abortUs, growth, ok: growth <= MOST_GROWTH });
}
console.log('CPU per answer in microseconds: graded under one signal, and waiting on a controller until it aborts');
console.table(
  rows.map((row) => ({
    ...row,
    gradeUs: row.gradeUs.toFixed(1),
    abortUs: row.abortUs.toFixed(1),
    growth: row.growth.toFixed(2),
  })),
);
if (rows.some(({ ok }) => !ok)) process.exitCode = 1;

async function measure(count) {
  return { gradeUs: await cpuUsPerAnswer(count, gradeAll), abortUs: await cpuUsPerAnswer(count, abortWaiting) };
}

async function cpuUsPerAnswer(count, task) {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await task(count);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** One run of them all. */
async function gradeAll(count) {
  const provider = { grade: async (items) => items.map(({ id }) => ({ id, score: 1 })) };
  const { signal } = new AbortController();
  const answers = Array.from({ length: count }, (_, index) => ({ question, answer: `answer ${index}` }));
  const { metrics } = await gradeAnswersConcurrently(answers, { provider, signal, localGrading: false });
  if (metrics.gradedCount !== count) throw new Error(`${metrics.gradedCount} of ${count} were graded`);
}

/** A hundred runs with a hundredth of them each, behind a call that never ends, until one signal aborts them all. */
async function abortWaiting(count) {
  const provider = {
    grade: async (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  };
  const controller = createConcurrencyController({ maxConcurrentTasks: 1 });
  const abort = new AbortController();
  const runs = Array.from({ length: 100 }, (_, run) => {
    const answers = Array.from({ length: count / 100 }, (_each, index) => ({
      question,
      answer: `answer ${run} ${index}`,
    }));
    return gradeAnswersConcurrently(answers, { provider, controller, signal: abort.signal, localGrading: false }).catch(
      ({ report }) => report,
    );
  });
  setTimeout(() => abort.abort(), 50);
  for (const { metrics } of await Promise.all(runs)) {
    if (metrics.failedCount !== count / 100) throw new Error('some answers are not settled');
  }
}
