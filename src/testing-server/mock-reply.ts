/** Why the mock model stops: the four ends that vendors tell apart. */
export type MockStop = 'end' | 'length' | 'refusal' | 'filter';

/**
 * Faults that are no HTTP error. On the wire: `hang` (never answers), `stallBody` (headers, half a body, silence),
 * `dripBody` (headers, then a byte every 20 ms), `reset` (drops the connection), `resetMidBody` (drops it half-way
 * through the body), `truncatedBody` (half a JSON document as a whole response), `html` (a proxy's page with status
 * 200), `empty` (status 200, no body). From the model: `malformed` (text that is no JSON), `length` (cut at the token
 * limit), `refusal`, `filter`.
 */
export type MockFault =
  | 'hang'
  | 'stallBody'
  | 'dripBody'
  | 'reset'
  | 'resetMidBody'
  | 'truncatedBody'
  | 'html'
  | 'empty'
  | 'malformed'
  | 'length'
  | 'refusal'
  | 'filter';

/** Errors with the vendor's own body: an HTTP status, or a name where one status means several things. */
export type MockError =
  | 400
  | 401
  | 402
  | 403
  | 404
  | 408
  | 409
  | 413
  | 422
  | 429
  | 500
  | 502
  | 503
  | 504
  | 529
  | 'insufficient_quota'
  | 'context_length'
  | 'content_filter';

/** Tokens of a reply; what is left out is counted with the server's `countTokens`. Input includes what is cached. */
export interface MockUsage {
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  cacheReadTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  reasoningTokens?: number | undefined;
}

/** What every reply may set; alone, it changes the default reply. */
export interface MockReplyOptions {
  /** Milliseconds until the response begins. @default the server's `latencyMs` */
  latencyMs?: number | undefined;
  /** Added to the response's headers. */
  headers?: Readonly<Record<string, string>> | undefined;
  usage?: MockUsage | undefined;
}

/** The model's text, word for word. */
export interface MockTextReply extends MockReplyOptions {
  text: string;
  /** @default 'end' */
  stop?: MockStop | undefined;
}

/**
 * Changes to the verdicts of the default reply, in the order of the answers: properties to replace, `undefined` to
 * leave a verdict as it is, `null` to leave it out. More entries than answers are added as they are.
 */
export interface MockVerdictsReply extends MockReplyOptions {
  verdicts: readonly (Readonly<Record<string, unknown>> | null | undefined)[];
}

/** A fault instead of a reply. */
export interface MockFaultReply extends MockReplyOptions {
  fault: MockFault;
}

/** An error as the vendor would send it. */
export interface MockErrorReply extends MockReplyOptions {
  error: MockError;
  /** Sent as `retry-after-ms` and, rounded up to seconds, as `retry-after`. @default neither */
  retryAfterMs?: number | undefined;
}

/** Any response: an object is sent as JSON, a string as it is. */
export interface MockRawReply extends MockReplyOptions {
  status: number;
  body?: unknown;
}

/** What the server answers; an empty object is the default reply. */
export type MockReply =
  | MockTextReply
  | MockVerdictsReply
  | MockFaultReply
  | MockErrorReply
  | MockRawReply
  | MockReplyOptions;
