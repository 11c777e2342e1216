// Express, before any body parser: the handler reads bodies itself, after it knows who asks, and answers whatever is wrong
// with them as problem+json. `all`, not `post`: browsers of other origins send OPTIONS first.
import { getRequestListener } from '@hono/node-server';
import express, { type Express } from 'express';
import { review } from './review.ts';

const listener = getRequestListener(review);

export const app: Express = express();
app.all('/api/review/{*route}', (request, response) => void listener(request, response));
