import { mockServer, type MockServer, type MockServerOptions } from 'gradelanes/testing-server';
import { afterEach } from 'vitest';

/** Starts mock servers that close after the test. */
export function useMockServers(): (options?: MockServerOptions) => Promise<MockServer> {
  const servers: MockServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  return async (options) => {
    const server = await mockServer(options);
    servers.push(server);
    return server;
  };
}
