// `npm run bench` lists the benches and what each proves, `npm run bench -- makespan` runs one, with what it takes
// after its name. All but `import` and those with figures of CPU need a quiet machine. They use dist/, so build first.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What each bench proves, and what Node needs for it. */
const benches = {
  makespan: { proves: 'wall time over HTTP is at most 1.05 times what no scheduler can beat' },
  'rate-limit': { proves: 'a run at a vendor’s rate limit ends at most 5 % after the ideal, with hardly a 429' },
  faults: { proves: 'one request in five failing costs no answer and at most twice the time' },
  stalled: { proves: 'a dead connection costs seconds instead of the attempt timeout, and hardly a call more' },
  hedging: { proves: 'second copies cut the tail of a heavy-tailed provider within their budget' },
  overhead: { proves: 'client CPU and peak memory per answer beside the same SDK under a bare p-queue' },
  import: { proves: 'the first verdict of a cold process comes within 1.8 times the import of p-queue and zod/mini' },
  'event-loop': { proves: 'a run of 100,000 answers leaves the app its turns, and grows linearly' },
  'one-signal': { proves: '100,000 answers wait on one abort signal in linear time' },
  stream: { proves: 'a million streamed answers stay in flat memory, and a reader that stops stops the calls' },
  'review-server': { proves: '200 reviews at once on one server: fair, bounded, none lost', flags: ['--expose-gc'] },
  'jobs-scale': {
    proves: 'what jobs cost the database: progress over many rows, plans, answers a second, idle workers',
  },
  jobs: { proves: 'jobs survive a killed and a frozen worker and a restarted PostgreSQL' },
  bulk: { proves: '250,000 answers through both vendors’ Batch APIs, every answer once', flags: ['--expose-gc'] },
  offline: { proves: 'the offline grader takes at most a millisecond of CPU per answer' },
  boundaries: { proves: '10,000 runs with anything at any boundary: none rejects, hangs or makes up a grade' },
  evaluate: { proves: '10,000 answers marked by two people evaluate in under 2 s of CPU' },
  'evaluate-intervals': {
    proves: '95 % intervals hold the truth in 92 to 97 % of runs, answers of a question being alike',
  },
  'pilot-plots': { proves: 'nothing: draws the plots of docs/from-pilot-to-exam.md' },
  'review-policy': { proves: 'review policies keep their bound on real answers, beside a threshold tuned on the same' },
};

const [name, ...rest] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) list();
else run(name, bench.flags ?? []);

function list() {
  if (name !== undefined) console.error(`There is no bench ${JSON.stringify(name)}.`);
  const width = Math.max(...Object.keys(benches).map((each) => each.length));
  for (const [each, { proves }] of Object.entries(benches)) console.log(`${each.padEnd(width)}  ${proves}`);
  if (name !== undefined) process.exitCode = 1;
}

function run(chosen, flags) {
  const file = fileURLToPath(new URL(`${chosen}.mjs`, import.meta.url));
  console.log(
    readFileSync(file, 'utf8')
      .match(/^(\/\/.*\n)+/)?.[0]
      .replaceAll(/^\/\/ ?/gm, '') ?? '',
  );
  process.exitCode = spawnSync(process.execPath, [...flags, file, ...rest], { stdio: 'inherit' }).status ?? 1;
}
