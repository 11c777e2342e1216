import { once } from 'node:events';
import { Server } from 'node:http';
import type { GradingProvider } from 'gradelanes';
import { createAdaptorServer } from '@hono/node-server';
import { buildPage } from './build-page.ts';
import { createApp } from './create-app.ts';
import { createProgressSockets } from './progress-sockets.ts';
import { sessionOf } from './session-of.ts';

/** A running review app. */
export interface ReviewServer extends AsyncDisposable {
  url: string;
}

/** Starts the app on a port of this machine; on any free one for 0. */
export async function startServer(port: number, model?: GradingProvider): Promise<ReviewServer> {
  const sockets = createProgressSockets('/api/progress', ({ cookie }) => sessionOf(cookie));
  const app = createApp({ page: await buildPage(), model, onEvent: sockets.tell });
  const server = createAdaptorServer({ fetch: app.fetch });
  server.on('upgrade', sockets.upgrade);
  server.listen(port, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === 'object' && address !== null ? address.port : port}`,
    [Symbol.asyncDispose]: async () => {
      sockets.close();
      server.close();
      if (server instanceof Server) server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
