import { readFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import { onTestFinished } from 'vitest';
import { listenLocally } from './listen-locally.js';

const read = (name: string): string => readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8');

/** Self-signed and made for these tests alone: nobody else uses the key or trusts the certificate. */
const own: ServerOptions = { key: read('key.pem'), cert: read('certificate.pem') };

/** Servers with which no client gets a safe connection. */
export const unsafeServers: readonly (readonly [what: string, options: ServerOptions])[] = [
  ['whose certificate nobody has signed', own],
  ['that speaks TLS 1.1 at most', { ...own, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }],
  ['that has no certificate', {}],
];

/** A server over TLS as it came to be. */
export interface UnsafeServer {
  readonly url: string;
  /** Connections so far, and requests that came through one. */
  readonly seen: { connections: number; requests: number };
}

/** Starts one of them; it closes after the test. */
export async function startUnsafeServer(options: ServerOptions): Promise<UnsafeServer> {
  const seen = { connections: 0, requests: 0 };
  const server = createServer(options, (_, outgoing) => {
    seen.requests += 1;
    outgoing.end();
  });
  server.on('connection', () => {
    seen.connections += 1;
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${await listenLocally(server)}`, seen };
}
