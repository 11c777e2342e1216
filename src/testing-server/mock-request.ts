import { textOf, type JsonObject } from '../json/untyped-json.js';
import type { Dialect, MockApi } from './dialect.js';
import { readFramedAnswers, type FramedAnswer } from './framed-answers.js';

/** A request as `respond` and `latencyMs` see it. */
export interface MockRequest {
  /** From 0, in the order in which requests arrived since the start or the last `reset()`. */
  index: number;
  api: MockApi;
  /** Without the query. */
  path: string;
  /** Lower-case names; credentials are replaced by `[redacted]`. */
  headers: Readonly<Record<string, string>>;
  /** The parsed body. */
  body: JsonObject;
  model: string;
  /** What the system messages say. */
  system: string;
  /** What the user messages say. */
  prompt: string;
  /** The JSON Schema that the reply must fit. */
  schema: JsonObject | undefined;
  /** The keys of the answers in the prompt, in order. */
  keys: readonly string[];
  /** The learners' texts, decoded, in the order of `keys`. */
  answers: readonly string[];
  /** 1 for the first request with exactly these answers, then counting up: fails the first try, say. */
  attempt: number;
}

/** What the server itself needs beside the request. */
export interface ReadRequest {
  request: Omit<MockRequest, 'attempt'>;
  framed: readonly FramedAnswer[];
  toolName: string | undefined;
}

const SECRET = /^(?:authorization|x-api-key|api-key|cookie|proxy-authorization)$/;

/** Reads a checked body the way the model behind the endpoint would. */
export function readMockRequest(
  dialect: Dialect,
  body: JsonObject,
  record: { index: number; path: string; headers: Readonly<Record<string, string>> },
): ReadRequest {
  const { system, prompt, schema, toolName } = dialect.read(body);
  const framed = readFramedAnswers(system, prompt);
  const request = {
    index: record.index,
    api: dialect.api,
    path: record.path,
    headers: record.headers,
    body,
    model: textOf(body['model']) ?? '',
    system,
    prompt,
    schema,
    keys: framed.map(({ key }) => key),
    answers: framed.map(({ text }) => text),
  };
  return { request, framed, toolName };
}

/** Headers with lower-case names and without credentials. */
export function withoutSecrets(headers: NodeJS.Dict<string | string[]>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRET.test(name) ? '[redacted]' : String(value)]),
  );
}
