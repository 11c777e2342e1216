// Client CPU per answer beside the same SDK under a bare p-queue, in front of a server that answers at once.
// Pairs of fresh processes take turns, each warmed up, so that a busy spell of the machine hits both alike.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median } from './median.mjs';
import { report } from './wire.mjs';

const ANSWERS = 5_000;
const PAIRS = Number(process.env.PAIRS ?? 7);
const MOST = 1.15;

const server = start('overhead-server.mjs');
const [{ url }] = await once(server, 'message');
const rows = [];
for (const vendor of ['anthropic', 'openai']) {
  const pairs = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const bare = await measure(vendor, 'bare');
    pairs.push({ bare, ours: await measure(vendor, 'gradelanes') });
  }
  const ratio = median(pairs.map(({ ours, bare }) => ours / bare));
  rows.push({
    vendor,
    bareUs: Math.round(median(pairs.map(({ bare }) => bare))),
    gradelanesUs: Math.round(median(pairs.map(({ ours }) => ours))),
    ratio: Number(ratio.toFixed(2)),
    ok: ratio <= MOST,
  });
}
server.kill();
report(`Client CPU per answer in microseconds: median of ${PAIRS} pairs, ${ANSWERS} answers, 10 at once`, rows);

function start(file, ...parameters) {
  return fork(fileURLToPath(new URL(file, import.meta.url)), parameters);
}

/** CPU per answer of one fresh process, in microseconds. */
async function measure(vendor, contender) {
  const client = start('overhead-client.mjs', vendor, contender, url, String(ANSWERS));
  const [message] = await Promise.race([once(client, 'message'), once(client, 'exit')]);
  if (message?.cpuUs === undefined) throw new Error(`${contender} over ${vendor} came to no result`);
  client.kill();
  return message.cpuUs;
}
