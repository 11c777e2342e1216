import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Where Redis can be run: Debian's package redis-server, or valkey-server. */
const PROGRAMS = ['redis-server', 'valkey-server'];

/** The program, or `undefined` with word of it: tests over a real Redis say that they did not run. */
export const redisProgram: string | undefined = PROGRAMS.find((name) => spawnSync(name, ['--version']).status === 0);

if (redisProgram === undefined) {
  console.warn('Neither redis-server nor valkey-server is installed: tests over a real Redis are skipped.');
}

/** A running server, without anything on disk. */
export interface LocalRedis {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a server on a free port. */
export async function startRedis(): Promise<LocalRedis> {
  if (redisProgram === undefined) throw new Error('no Redis is installed');
  const port = await freePort();
  const server = spawn(
    redisProgram,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const chunk of server.stdout) {
    if (String(chunk).includes('Ready to accept connections')) break;
  }
  return {
    port,
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
