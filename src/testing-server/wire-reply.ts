import { objectOf, objectsOf, type JsonObject } from '../json/untyped-json.js';
import type { Completion, CountedUsage, Dialect, Problem } from './dialect.js';
import { fillSchema } from './fill-schema.js';
import type { MockFault, MockReply, MockStop, MockVerdictsReply } from './mock-reply.js';
import type { ReadRequest } from './mock-request.js';

/** Faults of the delivery alone: the body is what it would have been. */
const BROKEN_DELIVERIES = ['hang', 'stallBody', 'dripBody', 'reset', 'resetMidBody'] as const;

/** A response as it goes out: whole, or broken off. */
export interface WireReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** How the body is delivered. */
  delivery: 'whole' | 'half' | (typeof BROKEN_DELIVERIES)[number];
}

/** What replies depend on beside the request. */
export interface ReplyContext {
  dialect: Dialect;
  requestId: string;
  score: (answerText: string) => number;
  countTokens: (text: string) => number;
}

/** What a captive portal sends. */
const SIGN_IN_PAGE = '<!doctype html><title>Sign in</title>';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Turns what a test asked for into what goes over the wire. */
export function wireReply(reply: MockReply, read: ReadRequest, context: ReplyContext): WireReply {
  const { headers = {} } = reply;
  if ('error' in reply) {
    const problem = context.dialect.wire.problemOf(reply.error);
    const wait = retryHeaders(reply.retryAfterMs);
    return errorReply(problem, context, { ...wait, ...headers });
  }
  if ('status' in reply) return rawReply(reply.status, reply.body, headers);
  const fault = 'fault' in reply ? reply.fault : undefined;
  if (fault === 'html') return whole(200, SIGN_IN_PAGE, { 'content-type': 'text/html', ...headers });
  if (fault === 'empty') return whole(200, '', { ...JSON_TYPE, ...headers });
  const body = JSON.stringify(context.dialect.write(complete(reply, read, context)));
  return { ...whole(200, body, { ...JSON_TYPE, ...headers }), delivery: deliveryOf(fault) };
}

/** An error as the vendor sends it. */
export function errorReply(
  problem: Problem,
  { dialect, requestId }: Pick<ReplyContext, 'dialect' | 'requestId'>,
  headers: Readonly<Record<string, string>> = {},
): WireReply {
  const body = JSON.stringify(dialect.wire.errorBody(problem, requestId));
  return whole(problem.status, body, { ...JSON_TYPE, ...headers });
}

/** Both spellings; the seconds are what every client reads. */
export function retryHeaders(retryAfterMs: number | undefined): Readonly<Record<string, string>> {
  if (retryAfterMs === undefined) return {};
  return { 'retry-after-ms': String(Math.ceil(retryAfterMs)), 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
}

function rawReply(status: number, body: unknown, headers: Readonly<Record<string, string>>): WireReply {
  if (typeof body === 'string') return whole(status, body, { 'content-type': 'text/plain', ...headers });
  return whole(status, body === undefined ? '' : JSON.stringify(body), { ...JSON_TYPE, ...headers });
}

function whole(status: number, body: string, headers: Readonly<Record<string, string>>): WireReply {
  return { status, headers, body, delivery: 'whole' };
}

function deliveryOf(fault: MockFault | undefined): WireReply['delivery'] {
  if (fault === 'truncatedBody') return 'half';
  return BROKEN_DELIVERIES.find((each) => each === fault) ?? 'whole';
}

function complete(reply: MockReply, read: ReadRequest, context: ReplyContext): Completion {
  const stop = stopOf(reply);
  const text = stop === 'refusal' || stop === 'filter' ? '' : textOfReply(reply, read, context);
  return {
    id: `mock${String(read.request.index).padStart(8, '0')}`,
    model: read.request.model,
    text,
    stop,
    toolName: read.toolName,
    usage: countUsage(reply, read, text, context.countTokens),
  };
}

function stopOf(reply: MockReply): MockStop {
  if ('text' in reply) return reply.stop ?? 'end';
  const fault = 'fault' in reply ? reply.fault : undefined;
  return fault === 'length' || fault === 'refusal' || fault === 'filter' ? fault : 'end';
}

function textOfReply(reply: MockReply, read: ReadRequest, context: ReplyContext): string {
  if ('text' in reply) return reply.text;
  const draft = draftReply(read, context);
  const value = 'verdicts' in reply ? changed(draft, reply) : draft;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isCut = 'fault' in reply && (reply.fault === 'malformed' || reply.fault === 'length');
  return isCut ? text.slice(0, Math.ceil(text.length / 2)) : text;
}

function draftReply({ request, framed }: ReadRequest, { dialect, score }: ReplyContext): unknown {
  if (dialect.draft !== undefined) return dialect.draft(request.body, score);
  return request.schema === undefined ? 'Mock reply.' : fillSchema(request.schema, { answers: framed, score });
}

/** Changes the entries of the first list of objects. */
function changed(draft: unknown, { verdicts }: MockVerdictsReply): JsonObject {
  const found = Object.entries(objectOf(draft)).find(([, each]) => objectsOf(each).length > 0);
  const [name, list] = found ?? ['results', []];
  const entries = objectsOf(list);
  const length = Math.max(verdicts.length, entries.length);
  const edited = Array.from({ length }, (_, index): JsonObject | null => {
    const change = verdicts[index];
    return change === null ? null : { ...entries[index], ...change };
  });
  return { ...objectOf(draft), [name]: edited.filter((entry) => entry !== null) };
}

function countUsage(
  { usage = {} }: MockReply,
  { request }: ReadRequest,
  text: string,
  countTokens: (text: string) => number,
): CountedUsage {
  const schema = request.schema === undefined ? '' : JSON.stringify(request.schema);
  return {
    inputTokens: usage.inputTokens ?? countTokens([request.system, request.prompt, schema].join('\n')),
    outputTokens: usage.outputTokens ?? countTokens(text),
    cacheReadTokens: usage.cacheReadTokens ?? 0,
    cacheWriteTokens: usage.cacheWriteTokens ?? 0,
    reasoningTokens: usage.reasoningTokens ?? 0,
  };
}
