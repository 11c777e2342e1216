import type { HeaderReader } from '../vendor/response-headers.js';
import type { JsonObject } from '../json/untyped-json.js';
import type { MockError, MockStop } from './mock-reply.js';
import type { BucketState } from './token-bucket.js';

/** The endpoints that the server speaks. */
export type MockApi = 'openai-chat' | 'openai-responses' | 'openai-decisions' | 'anthropic-messages';

/** What a request asks of the model. */
interface Asked {
  system: string;
  prompt: string;
  /** The JSON Schema of the reply, wherever the request carries it. */
  schema: JsonObject | undefined;
  /** The tool whose call the reply must be. */
  toolName?: string | undefined;
}

/** Tokens of a reply, all counted. */
export interface CountedUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  reasoningTokens: number;
}

/** What the model says. */
export interface Completion {
  id: string;
  model: string;
  text: string;
  stop: MockStop;
  usage: CountedUsage;
  toolName?: string | undefined;
}

/** An error in a vendor's words. */
export interface Problem {
  status: number;
  type: string;
  message: string;
  code?: string | undefined;
  param?: string | undefined;
}

/** What all endpoints of a vendor have in common. */
export interface VendorWire {
  requestIdHeader: string;
  requestId(index: number): string;
  /** What is wrong with the credentials. */
  checkCredentials(header: HeaderReader): Problem | undefined;
  problemOf(error: MockError): Problem;
  errorBody(problem: Problem, requestId: string): JsonObject;
  limitHeaders(state: BucketState, nowMs: number): Readonly<Record<string, string>>;
}

/** One endpoint of a vendor. */
export interface Dialect {
  api: MockApi;
  path: string;
  wire: VendorWire;
  /** What the real server would reject, as far as grading goes. */
  check(body: JsonObject, header: HeaderReader): Problem | undefined;
  read(body: JsonObject): Asked;
  /** A value for the reply where a schema cannot say what it must be. */
  draft?(body: JsonObject, score: (text: string) => number): unknown;
  write(completion: Completion): JsonObject;
}
