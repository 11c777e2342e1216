// Client CPU per answer beside the same SDK under a bare p-queue, in front of a server that answers at once: with all
// features idle, and with the default options (guards, rules, word-for-word match). Each round has fresh processes, each
// warmed up. They run in short turns, all others stopped, so that a busy spell of the machine hits all alike.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from './median.mjs';
import { report } from './wire.mjs';

const ANSWERS = 5_000;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const MOST = 1.15;
const CONTENDERS = ['bare', 'idle', 'defaults'];
const TURN_MS = 200;

const server = start('overhead-server.mjs');
const [{ url }] = await once(server, 'message');
const rows = [];
for (const vendor of ['anthropic', 'openai']) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(vendor));
  const bareUs = Math.round(median(rounds.map(({ bare }) => bare)));
  for (const options of CONTENDERS.slice(1)) {
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

/** CPU per answer of each contender in a fresh process, in microseconds. */
async function measure(vendor) {
  const clients = CONTENDERS.map((contender) => start('overhead-client.mjs', vendor, contender, url, String(ANSWERS)));
  await Promise.all(clients.map(told));
  const measured = clients.map(told);
  for (const client of clients) client.kill('SIGSTOP');
  for (const client of clients) client.send('go');
  let isOver = false;
  const all = Promise.all(measured).finally(() => (isOver = true));
  all.catch(() => {});
  try {
    while (!isOver) for (const client of clients) await turn(client);
    return Object.fromEntries((await all).map(({ cpuUs }, index) => [CONTENDERS[index], cpuUs]));
  } finally {
    for (const client of clients) client.kill('SIGKILL');
  }
}

async function turn(client) {
  client.kill('SIGCONT');
  await sleep(TURN_MS);
  client.kill('SIGSTOP');
}

async function told(client) {
  const [message] = await Promise.race([once(client, 'message'), once(client, 'exit')]);
  if (typeof message === 'number' || message === null)
    throw new Error(`${client.spawnargs.join(' ')} came to no result`);
  return message;
}
