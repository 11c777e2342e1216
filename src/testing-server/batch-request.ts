import type { HeaderReader } from '../vendor/response-headers.js';
import type { JsonObject } from '../json/untyped-json.js';
import type { Dialect, Problem } from './dialect.js';
import type { RecordedRequest } from './recorded-request.js';
import type { AnswerContext } from './reply-of-model.js';
import type { WireReply } from './wire-reply.js';

/** A request to a vendor's Batch API. */
export interface BatchRequest {
  method: string;
  /** What the path says after the route's own part: an id, an action. */
  segments: readonly string[];
  query: URLSearchParams;
  header: HeaderReader;
  text: string;
  /** The parsed body; empty if it was no JSON object. */
  body: JsonObject;
  record: RecordedRequest;
  context: AnswerContext;
}

/** The part of a path that stands before the ids of batches, and who answers there. */
export interface BatchRoute {
  path: string;
  /** One of the vendor's, for its words. */
  dialect: Dialect;
  /** `undefined` for a request that the API does not have. */
  answer(request: BatchRequest): Promise<WireReply | Problem | undefined> | WireReply | Problem | undefined;
}

/** A JSON document. */
export function jsonReply(body: unknown): WireReply {
  return bodyReply(JSON.stringify(body), 'application/json');
}

/** JSON documents, one a line. */
export function linesReply(rows: readonly unknown[]): WireReply {
  return bodyReply(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), 'application/x-jsonl');
}

function bodyReply(body: string, type: string): WireReply {
  return { status: 200, headers: { 'content-type': type }, body, delivery: 'whole' };
}

/** One page of a list, newest first. */
export function pageOf<T extends { readonly id: string }>(
  all: Iterable<T>,
  query: URLSearchParams,
  cursor: string,
): { page: readonly T[]; hasMore: boolean } {
  const newestFirst = [...all].toReversed();
  const from = newestFirst.findIndex(({ id }) => id === query.get(cursor)) + 1;
  const to = from + Number(query.get('limit') ?? 20);
  return { page: newestFirst.slice(from, to), hasMore: to < newestFirst.length };
}
