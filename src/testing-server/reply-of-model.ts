import type { JsonObject } from '../json/untyped-json.js';
import type { BatchBook } from './batch-book.js';
import type { MockReply } from './mock-reply.js';
import { readMockRequest, type MockRequest } from './mock-request.js';
import type { RecordedRequest } from './recorded-request.js';
import type { TokenBucket } from './token-bucket.js';
import { wireReply, type ReplyContext, type WireReply } from './wire-reply.js';

/** What decides an answer beside the request. */
export interface AnswerContext {
  score: (answerText: string) => number;
  countTokens: (text: string) => number;
  latencyMs: (request: MockRequest) => number;
  bucket: TokenBucket | undefined;
  batches: BatchBook;
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

/** Reads a request as the model does, and writes what the test wants it to answer. */
export async function replyOfModel(
  body: JsonObject,
  record: Pick<RecordedRequest, 'index' | 'path' | 'headers' | 'keys' | 'answers'>,
  context: AnswerContext & ReplyContext,
): Promise<TimedReply & { request: MockRequest }> {
  const read = readMockRequest(context.dialect, body, record);
  record.keys = read.request.keys;
  record.answers = read.request.answers;
  const request = { ...read.request, attempt: context.attemptOf(read.request) };
  const reply = await context.choose(request);
  return { request, reply: wireReply(reply, read, context), latencyMs: reply.latencyMs ?? context.latencyMs(request) };
}
