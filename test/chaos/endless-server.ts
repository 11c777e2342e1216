import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { listenLocally } from './listen-locally.js';

/** A server whose replies never end. */
export interface EndlessServer {
  readonly url: string;
  /** What went into all its replies so far. */
  readonly sentBytes: number;
  readonly openRequests: number;
}

/** Hardly smaller when it is packed, so that what was sent says what was read. */
const piece = Buffer.from(randomBytes(96 * 1024).toString('base64'));

/** Starts a server that sends text as fast as it is taken, plain or as gzip, until the connection is closed. */
export async function startEndlessServer(encoding: 'identity' | 'gzip'): Promise<EndlessServer> {
  const seen = { sentBytes: 0, openRequests: 0 };
  // Packed pieces in a row are a packed text too.
  const bytes = encoding === 'gzip' ? gzipSync(piece) : piece;
  const sendOn = (outgoing: ServerResponse): void => {
    let isTaken = true;
    while (isTaken && !outgoing.destroyed) {
      isTaken = outgoing.write(bytes);
      seen.sentBytes += bytes.length;
    }
    outgoing.once('drain', () => sendOn(outgoing));
  };
  const server = createServer((_, outgoing) => {
    seen.openRequests += 1;
    outgoing.on('close', () => {
      seen.openRequests -= 1;
    });
    const packed = encoding === 'gzip' && { 'content-encoding': 'gzip' };
    outgoing.writeHead(200, { 'content-type': 'application/json', ...packed });
    sendOn(outgoing);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${await listenLocally(server)}`;
  return {
    url,
    get sentBytes() {
      return seen.sentBytes;
    },
    get openRequests() {
      return seen.openRequests;
    },
  };
}
