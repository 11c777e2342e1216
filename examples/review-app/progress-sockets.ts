// What happens in a learner's run, over a WebSocket. The answers themselves go by HTTP: whoever has no socket misses nothing
// but the live calls.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GradingEvent } from 'gradelanes';
import type { MetricsEvent } from 'gradelanes/elements';
import { WebSocketServer, type WebSocket } from 'ws';

/** The pages that listen. */
export interface ProgressSockets {
  /** For a Node server's `upgrade` event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends an event of a learner's run to that learner's pages. */
  tell(learnerId: string, event: GradingEvent): void;
  close(): void;
}

/**
 * @param path Of the WebSocket.
 * @param learnerOf Who asks, by the headers of the upgrade request; `undefined` turns the request away.
 */
export function createProgressSockets(
  path: string,
  learnerOf: (headers: IncomingMessage['headers']) => string | undefined,
): ProgressSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1_024 });
  const learners = new WeakMap<WebSocket, string>();
  return {
    upgrade: (request, socket, head) => {
      const learnerId = request.url === path && isSameOrigin(request) ? learnerOf(request.headers) : undefined;
      if (learnerId === undefined) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (client) => learners.set(client, learnerId));
    },
    tell: (learnerId, event) => {
      const shown = shownOf(event);
      if (shown === undefined) return;
      for (const client of server.clients) if (learners.get(client) === learnerId) client.send(JSON.stringify(shown));
    },
    close: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

/** Browsers let any page open a socket to any server, with the cookies of that server. */
function isSameOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/** Other events hold what is for teachers or for the log: rationales, errors, tokens. */
function shownOf(event: GradingEvent): MetricsEvent | undefined {
  const { type, atMs } = event;
  if (type === 'call-started') return { type, atMs, callId: event.callId, indices: event.indices };
  if (type === 'call-ended') return { type, atMs, callId: event.callId, outcome: event.outcome };
  if (type !== 'fallback-taken') return undefined;
  const { from, to, code, answerCount } = event.step;
  return { type, atMs, step: { reason: `${answerCount} went from ${from} to ${to}: ${code.replaceAll('_', ' ')}` } };
}
