import { once } from 'node:events';
import { mockProvider } from 'gradelanes/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type ReviewServer } from '../../../examples/review-app/start-server.js';
import { waterCard } from '../../../examples/review-app/water-card.js';

/** A learner, by the cookie of a session. */
interface Learner {
  sessionId: string;
  cookie: string;
}

let server: ReviewServer;

beforeAll(async () => {
  server = await startServer(0, mockProvider({ score: 1, rationale: 'for teachers only' }));
}, 60_000);

afterAll(() => server[Symbol.asyncDispose]());

describe('the review app’s server', () => {
  test('sends the card without keys, references and notes', async () => {
    const text = await (await fetch(`${server.url}/api/session`)).text();
    expect(text).toContain('Why does ice float on water?');
    expect(text).not.toMatch(/referenceAnswers|correctChoices|numeric|accept|further apart/);
  });

  test('serves the page under a strict policy, and nothing else', async () => {
    const page = await fetch(server.url);
    expect(page.headers.get('content-security-policy')).toBe("default-src 'self'; require-trusted-types-for 'script'");
    expect((await fetch(`${server.url}/water-card.ts`)).status).toBe(404);
  });

  test('grades for the session that the cookie names, and for no other', async () => {
    const [amina, ben] = [await enter(), await enter()];
    expect((await submit(amina)).status).toBe(200);
    expect((await submit({ ...amina, cookie: ben.cookie })).status).toBe(403);
    expect((await submit({ ...amina, cookie: '' })).status).toBe(403);
    expect((await submit(amina, 'fire')).status).toBe(404);
  });

  test('tells each learner’s pages of that learner’s calls, and nothing for teachers', async () => {
    const [amina, ben] = [await enter(), await enter()];
    const [heardByAmina, heardByBen] = [await listen(amina), await listen(ben)];
    await submit(amina);
    await expect.poll(() => heardByAmina.length).toBe(8);
    expect(heardByBen).toEqual([]);
    const names = new Set(heardByAmina.flatMap((message) => Object.keys(JSON.parse(message) as object)));
    expect(names).toEqual(new Set(['type', 'atMs', 'callId', 'indices', 'outcome']));
  });

  test('turns away sockets of other origins, without a session, or elsewhere', async () => {
    const { cookie } = await enter();
    const refused = [
      open({ cookie, origin: 'https://evil.example' }),
      open({ cookie }),
      open({ origin: server.url }),
      open({ cookie, origin: server.url }, '/api/other'),
    ];
    // Typed as unknown by Node. All at once: an error that nobody waits for yet would end the process.
    const errors = (await Promise.all(refused.map((socket) => once(socket, 'error')))) as [Error][];
    for (const [error] of errors) expect(error.message).toContain('403');
  });
});

async function enter(): Promise<Learner> {
  const response = await fetch(`${server.url}/api/session`);
  const { sessionId } = (await response.json()) as Learner;
  return { sessionId, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

function submit({ sessionId, cookie }: Learner, cardId = waterCard.id): Promise<Response> {
  const answers = waterCard.samples.map((answer, index) => ({ question_index: index, answer }));
  return fetch(`${server.url}/api/review/session/${sessionId}/answers/${cardId}/parallel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ answers }),
  });
}

async function listen({ cookie }: Learner): Promise<string[]> {
  const heard: string[] = [];
  const socket = open({ cookie, origin: server.url });
  socket.on('message', (data: Buffer) => heard.push(data.toString()));
  await once(socket, 'open');
  return heard;
}

function open(headers: Readonly<Record<string, string>>, path = '/api/progress'): WebSocket {
  return new WebSocket(`${server.url.replace('http', 'ws')}${path}`, { headers });
}
