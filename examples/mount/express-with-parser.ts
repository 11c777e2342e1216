// Express, behind its JSON parser: `handle()` takes the body that it has read. The same goes for other frameworks that
// parse bodies themselves.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { review } from './review.ts';

const serve: RequestHandler = async ({ method, originalUrl: url, headers, body }, response) => {
  const leaving = new AbortController();
  response.on('close', () => leaving.abort());
  const reply = await review.handle({ method, url, headers, body, signal: leaving.signal });
  // Node throws beyond any catch where a reply is piped to a client that has left.
  if (response.destroyed) return;
  response.status(reply.status).setHeaders(reply.headers);
  if (reply.body === null) response.end();
  // The client may leave in the middle of a stream.
  else await pipeline(Readable.fromWeb(reply.body as ReadableStream), response).catch(() => {});
};

/** A body that is no JSON, or too large, in the form of all other problems. */
const refuseBody: ErrorRequestHandler = ({ status = 400 }: { status?: number }, _request, response, next) => {
  if (response.headersSent) return next();
  const detail = status === 413 ? 'the body must be of at most 256 KB' : 'the body must be JSON in UTF-8';
  response.status(status === 413 ? 413 : 400).setHeader('content-type', 'application/problem+json');
  response.end(JSON.stringify({ type: 'about:blank', status: response.statusCode, detail, success: false }));
};

export const app: Express = express();
app.all('/api/review/{*route}', express.json({ limit: '256kb' }), serve, refuseBody);
