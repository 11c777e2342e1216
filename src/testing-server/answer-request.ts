import type { IncomingMessage } from 'node:http';
import { headerReader, type HeaderReader } from '../vendor/response-headers.js';
import { isJsonObject, objectOf } from '../json/untyped-json.js';
import { anthropicBatches } from './anthropic-batches.js';
import { anthropicMessages } from './anthropic-messages.js';
import type { BatchRoute } from './batch-request.js';
import type { Dialect } from './dialect.js';
import { openaiBatches, openaiFiles } from './openai-batches.js';
import { openaiChat } from './openai-chat.js';
import { openaiDecisions } from './openai-decisions.js';
import { openaiResponses } from './openai-responses.js';
import { invalidRequest } from './openai-wire.js';
import type { RecordedRequest } from './recorded-request.js';
import { replyOfModel, type AnswerContext, type TimedReply } from './reply-of-model.js';
import type { BucketState } from './token-bucket.js';
import { errorReply, retryHeaders, type WireReply } from './wire-reply.js';

const ROUTES: readonly BatchRoute[] = [anthropicBatches, openaiFiles, openaiBatches];

const DIALECTS: ReadonlyMap<string, Dialect> = new Map(
  [openaiChat, openaiResponses, openaiDecisions, anthropicMessages].map((dialect) => [dialect.path, dialect]),
);

/** Finds the endpoint, then answers as real servers do: key before limit before request before model. */
export async function answerRequest(
  incoming: IncomingMessage,
  record: RecordedRequest,
  context: AnswerContext,
): Promise<TimedReply> {
  const text = await textOf(incoming);
  record.body = parsed(text);
  const dialect = incoming.method === 'POST' ? DIALECTS.get(record.path) : undefined;
  if (dialect === undefined) {
    const reply = await answerBatchRequest(incoming, text, record, context);
    return { reply: reply ?? unknownPath(incoming.method, record.path), latencyMs: 0 };
  }
  const { wire } = dialect;
  const at = { dialect, requestId: wire.requestId(record.index) };
  const limit = context.bucket?.take();
  const rejection = reject(record.body, headerReader(incoming.headers), limit, at);
  const { reply, latencyMs } =
    rejection === undefined
      ? await replyOfModel(objectOf(record.body), record, { ...at, ...context })
      : { reply: rejection, latencyMs: 0 };
  const limitHeaders = limit === undefined ? {} : wire.limitHeaders(limit, Date.now());
  const headers = { [wire.requestIdHeader]: at.requestId, ...limitHeaders, ...reply.headers };
  return { reply: { ...reply, headers }, latencyMs };
}

function reject(
  body: unknown,
  header: HeaderReader,
  limit: BucketState | undefined,
  at: { dialect: Dialect; requestId: string },
): WireReply | undefined {
  const { dialect } = at;
  const { wire } = dialect;
  const withoutKey = wire.checkCredentials(header);
  if (withoutKey !== undefined) return errorReply(withoutKey, at);
  if (limit !== undefined && limit.waitMs > 0) return errorReply(wire.problemOf(429), at, retryHeaders(limit.waitMs));
  const problem = isJsonObject(body) ? dialect.check(body, header) : invalidRequest('The body is no JSON object.');
  return problem === undefined ? undefined : errorReply(problem, at);
}

/** The Batch APIs: the longest path that fits answers, or nobody. */
async function answerBatchRequest(
  incoming: IncomingMessage,
  text: string,
  record: RecordedRequest,
  context: AnswerContext,
): Promise<WireReply | undefined> {
  const { path, body } = record;
  const route = ROUTES.find((each) => path === each.path || path.startsWith(`${each.path}/`));
  if (route === undefined) return undefined;
  const { wire } = route.dialect;
  const requestId = wire.requestId(record.index);
  const header = headerReader(incoming.headers);
  const segments = path.slice(route.path.length).split('/').filter(Boolean);
  const query = new URLSearchParams(incoming.url?.split('?')[1]);
  const request = {
    method: incoming.method ?? '',
    segments,
    query,
    header,
    text,
    body: objectOf(body),
    record,
    context,
  };
  const answer = wire.checkCredentials(header) ?? (await route.answer(request));
  if (answer === undefined) return undefined;
  const reply = 'delivery' in answer ? answer : errorReply(answer, { dialect: route.dialect, requestId });
  return { ...reply, headers: { [wire.requestIdHeader]: requestId, ...reply.headers } };
}

function unknownPath(method: string | undefined, path: string): WireReply {
  const spoken = [...DIALECTS.keys()].join(', ');
  const batches = ROUTES.map((route) => route.path).join(', ');
  const message = `Unknown request URL: ${method ?? ''} ${path}. The mock server speaks POST ${spoken}, and ${batches}.`;
  const problem = { ...invalidRequest(message, undefined, 'unknown_url'), status: 404 };
  return errorReply(problem, { dialect: openaiChat, requestId: '' });
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
