import { headerReader, type HeaderReader } from './response-headers.js';
import { plainLine } from '../json/plain-line.js';
import { isJsonObject, objectOf, textOf, type JsonObject } from '../json/untyped-json.js';

/** What can be read from any SDK's error, whatever its class: two copies or majors of an SDK may be in one app. */
export interface ErrorShape {
  status: number | undefined;
  header: HeaderReader;
  requestId: string | undefined;
  /** The vendor's own codes, most specific first. */
  codes: readonly string[];
  /** The request field the vendor complains about. */
  parameter: string | undefined;
  /** The SDK says that trying again may help. */
  isRetryable: boolean;
  /** For recognising known phrases only: it may quote the request, so it must never be shown. */
  text: string;
  /** The error and its causes, outermost first. */
  chain: readonly Error[];
}

const MAX_CAUSES = 6;
const LONGEST_ID = 200;
const MAX_TEXT_CHARACTERS = 4_000;

/** Codes and field names are shown to people, so nothing that could be prose or a secret passes. */
const PLAIN_NAME = /^[A-Za-z][\w.[\]-]{0,63}$/;

/** Reads the errors of `openai`, `@anthropic-ai/sdk`, the AI SDK and plain `fetch`. */
export function readErrorShape(error: unknown): ErrorShape {
  const outer = objectOf(error);
  const body = bodyOf(outer);
  const inner = isJsonObject(body['error']) ? body['error'] : body;
  const header = headerReader(outer['headers'] ?? outer['responseHeaders']);
  const chain = causesOf(error);
  const status = statusOf(outer['status'] ?? outer['statusCode']);
  return {
    status,
    header,
    requestId: lineOf(outer['requestID']) ?? readRequestId(header),
    codes: codesOf(outer, inner, status !== undefined),
    parameter: plainName(inner['param']),
    isRetryable: outer['isRetryable'] === true,
    text: [...chain.map((each) => each.message), textOf(inner['message']) ?? '']
      .join('\n')
      .slice(0, MAX_TEXT_CHARACTERS),
    chain,
  };
}

/** The vendor's id of a request, for asking its support. */
export function readRequestId(header: HeaderReader): string | undefined {
  return lineOf(header('request-id')) ?? lineOf(header('x-request-id')) ?? lineOf(header('apim-request-id'));
}

function lineOf(value: unknown): string | undefined {
  return typeof value === 'string' ? textOf(plainLine(value, LONGEST_ID)) : undefined;
}

/** A vendor's code or field name, if it looks like one. */
export function plainName(value: unknown): string | undefined {
  return typeof value === 'string' && PLAIN_NAME.test(value) ? value : undefined;
}

/** OpenAI's SDK keeps the inner `error` object, Anthropic's the whole body, the AI SDK its text. */
function bodyOf(outer: JsonObject): JsonObject {
  if (isJsonObject(outer['error'])) return outer['error'];
  if (isJsonObject(outer['data'])) return outer['data'];
  return typeof outer['responseBody'] === 'string' ? parsed(outer['responseBody']) : {};
}

function parsed(text: string): JsonObject {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function codesOf(outer: JsonObject, inner: JsonObject, hasStatus: boolean): string[] {
  const candidates = [
    objectOf(inner['details'])['error_code'],
    outer['errorCode'],
    inner['code'],
    // Without a status it is the system's, such as ECONNRESET.
    hasStatus ? outer['code'] : undefined,
    inner['type'],
    inner['status'],
  ];
  return [...new Set(candidates.map(plainName).filter((name) => name !== undefined))];
}

function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  let next = error;
  while (next instanceof Error && chain.length < MAX_CAUSES && !chain.includes(next)) {
    chain.push(next);
    next = next instanceof AggregateError ? next.errors[0] : next.cause;
  }
  return chain;
}

function statusOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599 ? value : undefined;
}
