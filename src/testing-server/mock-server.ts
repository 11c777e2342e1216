import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerRequest } from './answer-request.js';
import { delayWhileOpen, deliver } from './deliver.js';
import type { MockReply } from './mock-reply.js';
import { withoutSecrets } from './mock-request.js';
import { createRequestBook, type RecordedRequest, type RequestBook } from './recorded-request.js';
import { createReplyDesk, type MockServerOptions, type ReplyDesk } from './reply-desk.js';

/** A running mock server. */
export interface MockServer {
  /** `http://127.0.0.1:<port>`: the base URL of an Anthropic client; an OpenAI client takes it with `/v1`. */
  readonly url: string;
  /** Every request since the start or the last `reset()`, in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Requests whose response has not ended and whose connection is open. */
  readonly inFlight: number;
  /** The most requests that were in flight at once. */
  readonly peakInFlight: number;
  /** Connections that are open, idle ones included. */
  readonly openSockets: number;
  /** Adds replies to the end of the script. */
  enqueue(...replies: readonly (MockReply | undefined)[]): void;
  /** Resets every connection, idle ones included, as a restarting proxy does. The port stays open. */
  dropConnections(): void;
  /** Forgets records, script, attempts and batches, and fills the rate limit's bucket. Requests in flight go on. */
  reset(): void;
  /**
   * Closes the port and every connection; nothing stays open.
   *
   * @throws what `respond`, `score`, `latencyMs` or `countTokens` threw first, so that no mistake of a test is lost; with
   *   `strict` also for a script that ran out, or was not used up.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Longer than a test: an idle connection must not close under a client that is about to use it. */
const KEEP_ALIVE_MS = 600_000;

/**
 * Starts a server on a free port of 127.0.0.1 that speaks OpenAI's chat completions, Responses and decisions, Anthropic's
 * messages, and the Batch APIs of both: close enough for the real SDKs, and strict where the real servers are. It fills the requested
 * JSON Schema with one verdict per learner's answer, and fails in every way that networks and vendors do. Node only.
 *
 * @throws {GradingOptionsError} for an option that makes no sense.
 *
 * @example
 * ```ts
 * import { mockServer } from 'gradelanes/testing-server';
 *
 * await using server = await mockServer({
 *   script: [{ error: 429, retryAfterMs: 10 }, { fault: 'resetMidBody' }],
 *   score: (answer) => (answer.includes('density') ? 1 : 0.4),
 * });
 * const response = await fetch(`${server.url}/v1/messages`, {
 *   method: 'POST',
 *   headers: { 'x-api-key': 'test', 'anthropic-version': '2026-10-21' },
 *   body: JSON.stringify({ model: 'claude', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] }),
 * });
 * console.log(response.status, server.requests.length); // 429 1
 * ```
 */
export async function mockServer(options: MockServerOptions = {}): Promise<MockServer> {
  const book = createRequestBook();
  const desk = createReplyDesk(options);
  const listener = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    void serve(incoming, outgoing, book, desk);
  });
  const sockets = trackSockets(listener);
  await listen(listener, options.port ?? 0);
  return runningServer(listener, sockets, book, desk);
}

async function listen(listener: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
}

function trackSockets(listener: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  listener.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  book: RequestBook,
  desk: ReplyDesk,
): Promise<void> {
  const [path = '', query = ''] = (incoming.url ?? '').split('?');
  const record = book.open({ method: incoming.method ?? '', path, query, headers: withoutSecrets(incoming.headers) });
  outgoing.once('close', () => book.close(record, outgoing.writableFinished ? outgoing.statusCode : 'aborted'));
  try {
    const { reply, latencyMs } = await answerRequest(incoming, record, desk);
    await delayWhileOpen(latencyMs, outgoing);
    deliver(reply, outgoing);
  } catch (error) {
    if (outgoing.destroyed) return;
    desk.keepError(error);
    outgoing
      .writeHead(500, { 'x-should-retry': 'false' })
      .end('A callback of the test threw; close() rejects with it.');
  }
}

function runningServer(listener: Server, sockets: ReadonlySet<Socket>, book: RequestBook, desk: ReplyDesk): MockServer {
  const close = async (): Promise<void> => {
    await closeListener(listener, sockets);
    desk.throwKeptError();
  };
  return {
    url: urlOf(listener),
    get requests() {
      return book.requests;
    },
    get inFlight() {
      return book.inFlight;
    },
    get peakInFlight() {
      return book.peakInFlight;
    },
    get openSockets() {
      return sockets.size;
    },
    enqueue: (...replies) => desk.enqueue(...replies),
    dropConnections: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    reset: () => {
      book.reset();
      desk.reset();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function urlOf(listener: Server): string {
  const address = listener.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`;
}

/** Closing twice is no mistake. Sockets and the responses on them tell of their end a little after the listener. */
async function closeListener(listener: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const ends = [...sockets].map((socket) => once(socket, 'close'));
  await new Promise<void>((resolve) => {
    listener.close(() => resolve());
    listener.closeAllConnections();
  });
  await Promise.all(ends);
}
