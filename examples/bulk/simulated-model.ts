// Stands in for a model on the network: grades over HTTP after a while, and keeps a record of every call.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** One call, as it arrived. */
interface SimulatedCall {
  readonly worker: string;
  readonly answer: string;
  readonly atMs: number;
}

/** A running model. */
export interface SimulatedModel {
  readonly url: string;
  readonly calls: readonly SimulatedCall[];
  close(): Promise<void>;
}

/** Starts a model that takes about so long for a call. */
export async function startSimulatedModel(latencyMs: number): Promise<SimulatedModel> {
  const calls: SimulatedCall[] = [];
  const server = createServer({ keepAliveTimeout: 600_000 }, async (request, response) => {
    const atMs = performance.now();
    const answer = (await request.setEncoding('utf8').toArray()).join('');
    calls.push({ worker: String(request.headers['x-worker']), answer, atMs });
    await delay(latencyMs * (0.5 + Math.random()));
    // The longer the better, for want of a mind.
    response.end(JSON.stringify({ score: Math.min(1, answer.length / 60) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
