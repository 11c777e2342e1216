// A large run leaves the app its turns, and its time grows with the number of answers: the longest delay of a 10 ms timer
// that the app has set, in the best of three runs, beside the same timer while nothing runs.
import { gradeAnswersConcurrently } from 'gradelanes';
import { report } from './wire.mjs';

const TIMER_MS = 10;
const MOST_DELAY_MS = 50;
const COUNTS = [25_000, 50_000, 100_000];
const RUNS = 3;
/** Time per answer, over that of the fewest answers. */
const MOST_GROWTH = 1.5;

const provider = { grade: async (items) => items.map(({ id }) => ({ id, score: 1 })) };
const question = { prompt: 'Why does ice float?' };

await grade(COUNTS[0]);
const rows = [];
for (const count of COUNTS) {
  const runs = [];
  for (let run = 0; run < RUNS; run++) runs.push(await watched(() => grade(count)));
  const [best] = runs.toSorted((first, second) => first.delayMs - second.delayMs);
  const idle = await watched(() => new Promise((resolve) => setTimeout(resolve, best.wallMs)));
  const usPerAnswer = (1_000 * Math.min(...runs.map(({ wallMs }) => wallMs))) / count;
  const growth = usPerAnswer / (rows[0]?.usPerAnswer ?? usPerAnswer);
  rows.push({
    answers: count,
    usPerAnswer: Number(usPerAnswer.toFixed(1)),
    growth: Number(growth.toFixed(2)),
    'delay ms': Math.round(best.delayMs),
    'idle delay ms': Math.round(idle.delayMs),
    ok: best.delayMs <= MOST_DELAY_MS && growth <= MOST_GROWTH,
  });
}
report('Wall time per answer and the longest delay of a 10 ms timer, best of three runs', rows);

async function grade(count) {
  const answers = Array.from({ length: count }, (_, index) => ({ question, answer: `answer ${index}` }));
  const { metrics } = await gradeAnswersConcurrently(answers, { provider });
  if (metrics.gradedCount !== count) throw new Error(`${metrics.gradedCount} of ${count} were graded`);
}

/** Runs a task beside a timer that starts anew whenever it fires. */
async function watched(task) {
  let delayMs = 0;
  let dueAt = performance.now() + TIMER_MS;
  const look = () => {
    const now = performance.now();
    delayMs = Math.max(delayMs, now - dueAt);
    dueAt = now + TIMER_MS;
    timer = setTimeout(look, TIMER_MS);
  };
  let timer = setTimeout(look, TIMER_MS);
  const startedAt = performance.now();
  await task();
  const wallMs = performance.now() - startedAt;
  clearTimeout(timer);
  // What was still due when the task ended was late as well.
  return { wallMs, delayMs: Math.max(delayMs, performance.now() - dueAt) };
}
