import type { IncomingMessage } from 'node:http';
import { headerReader, type HeaderReader } from '../core/header-reader.js';
import { isJsonObject, objectOf, type JsonObject } from '../core/untyped-json.js';
import { anthropicMessages } from './anthropic-messages.js';
import type { Dialect } from './dialect.js';
import type { MockReply } from './mock-reply.js';
import { readMockRequest, type MockRequest } from './mock-request.js';
import { openaiChat } from './openai-chat.js';
import { openaiDecisions } from './openai-decisions.js';
import { openaiResponses } from './openai-responses.js';
import { invalidRequest } from './openai-wire.js';
import type { RecordedRequest } from './recorded-request.js';
import type { BucketState, TokenBucket } from './token-bucket.js';
import { errorReply, retryHeaders, wireReply, type ReplyContext, type WireReply } from './wire-reply.js';

const DIALECTS: ReadonlyMap<string, Dialect> = new Map(
  [openaiChat, openaiResponses, openaiDecisions, anthropicMessages].map((dialect) => [dialect.path, dialect]),
);

/** What decides an answer beside the request. */
export interface AnswerContext {
  score: (answerText: string) => number;
  countTokens: (text: string) => number;
  latencyMs: (request: MockRequest) => number;
  bucket: TokenBucket | undefined;
  /** The reply that the test wants for this request, `{}` for the default. */
  choose: (request: MockRequest) => Promise<MockReply>;
  /** Counts requests with the same answers, this one included. */
  attemptOf: (request: Pick<MockRequest, 'answers' | 'prompt'>) => number;
}

/** A reply and how long it takes to begin. */
export interface TimedReply {
  reply: WireReply;
  latencyMs: number;
}

/** Finds the endpoint, then answers as real servers do: key before limit before request before model. */
export async function answerRequest(
  incoming: IncomingMessage,
  record: RecordedRequest,
  context: AnswerContext,
): Promise<TimedReply> {
  record.body = parsed(await textOf(incoming));
  const dialect = incoming.method === 'POST' ? DIALECTS.get(record.path) : undefined;
  if (dialect === undefined) return { reply: unknownPath(incoming.method, record.path), latencyMs: 0 };
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

async function replyOfModel(
  body: JsonObject,
  record: RecordedRequest,
  context: AnswerContext & ReplyContext,
): Promise<TimedReply> {
  const read = readMockRequest(context.dialect, body, record);
  record.keys = read.request.keys;
  record.answers = read.request.answers;
  const request = { ...read.request, attempt: context.attemptOf(read.request) };
  const reply = await context.choose(request);
  return { reply: wireReply(reply, read, context), latencyMs: reply.latencyMs ?? context.latencyMs(request) };
}

function unknownPath(method: string | undefined, path: string): WireReply {
  const spoken = [...DIALECTS.keys()].join(', ');
  const message = `Unknown request URL: ${method ?? ''} ${path}. The mock server speaks POST ${spoken}.`;
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
