// Express, behind its JSON parser: `handle()` takes the body that it has read.
import { Writable } from 'node:stream';
import express, { type Express } from 'express';
import { review } from './review.ts';

export const app: Express = express();
app.use(express.json({ limit: '256kb' }));
app.post('/api/review/{*route}', async ({ method, originalUrl: url, headers, body }, response) => {
  const leaving = new AbortController();
  response.on('close', () => leaving.abort());
  const reply = await review.handle({ method, url, headers, body, signal: leaving.signal });
  response.status(reply.status).setHeaders(reply.headers);
  // The client may leave in the middle of a stream.
  await reply.body?.pipeTo(Writable.toWeb(response)).catch(() => {});
});
