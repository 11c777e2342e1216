// Client CPU per answer beside the same SDK under a bare p-queue, in front of a server that answers at once: with all
// features idle, and with the default options (guards, rules, word-for-word match). Fresh processes take turns, each
// warmed up, so that a busy spell of the machine hits all alike.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median } from './median.mjs';
import { report } from './wire.mjs';

const ANSWERS = 5_000;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const MOST = 1.15;

const server = start('overhead-server.mjs');
const [{ url }] = await once(server, 'message');
const rows = [];
for (const vendor of ['anthropic', 'openai']) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bare = await measure(vendor, 'bare');
    const idle = await measure(vendor, 'idle');
    rounds.push({ bare, idle, defaults: await measure(vendor, 'defaults') });
  }
  const bareUs = Math.round(median(rounds.map(({ bare }) => bare)));
  for (const options of ['idle', 'defaults']) {
    const ratio = median(rounds.map((round) => round[options] / round.bare));
    const us = Math.round(median(rounds.map((round) => round[options])));
    rows.push({ vendor, options, bareUs, us, ratio: Number(ratio.toFixed(2)), ok: ratio <= MOST });
  }
}
server.kill();
report(`Client CPU per answer in microseconds: median of ${ROUNDS} rounds, ${ANSWERS} answers, 10 at once`, rows);

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
