import { GradingOptionsError } from '../contract/errors.js';
import { createBatchBook, type MockBatchOptions } from './batch-book.js';
import type { MockReply } from './mock-reply.js';
import type { MockRequest } from './mock-request.js';
import type { AnswerContext } from './reply-of-model.js';
import { createTokenBucket, type MockRateLimit } from './token-bucket.js';

/** How the mock server behaves; everything has a default, and together they grade every answer as right, at once. */
export interface MockServerOptions {
  /** Decides the reply to a request, once the `script` is used up; `undefined` is the default reply. */
  respond?: ((request: MockRequest) => MockReply | undefined | Promise<MockReply | undefined>) | undefined;
  /** Replies to the first requests, one each, in the order of arrival; `undefined` leaves one to `respond`. */
  script?: readonly (MockReply | undefined)[] | undefined;
  /**
   * Fail the test for requests beyond the script where there is no `respond`, and for replies of the script that nobody
   * asked for: the request gets a 400, and `close()` rejects. @default false: every further answer is marked by `score`
   */
  strict?: boolean | undefined;
  /** The port to listen on. @default a free one */
  port?: number | undefined;
  /** What a learner's text deserves, 0..1; the default reply's marks follow it in steps of a fifth. @default 1 */
  score?: ((answerText: string) => number) | undefined;
  /** Milliseconds until a response begins. Errors that the server finds itself come at once. @default 0 */
  latencyMs?: number | ((request: MockRequest) => number) | undefined;
  /** Answers 429 beyond it, and sends the vendor's limit headers with every response. @default no limit */
  rateLimit?: MockRateLimit | undefined;
  /** Tokens of a text, for usage. @default a quarter of its length, rounded up */
  countTokens?: ((text: string) => number) | undefined;
  /** How the Batch APIs behave. Their rows are answered like requests: `script`, `respond` and `score` decide. */
  batches?: MockBatchOptions | undefined;
}

/** Where replies are decided, and where a test's own mistakes are kept. */
export interface ReplyDesk extends AnswerContext {
  enqueue(...replies: readonly (MockReply | undefined)[]): void;
  reset(): void;
  keepError(error: unknown): void;
  throwKeptError(): void;
}

const quarterOfLength = (text: string): number => Math.ceil(text.length / 4);

/**
 * Applies the defaults.
 *
 * @throws {GradingOptionsError} for an option that makes no sense.
 */
export function createReplyDesk(options: MockServerOptions): ReplyDesk {
  checkRateLimit(options.rateLimit);
  const { score = () => 1, latencyMs = 0, countTokens = quarterOfLength } = options;
  const bucket = options.rateLimit && createTokenBucket(options.rateLimit);
  const errors: Error[] = [];
  const scripted = options.script?.length ?? 0;
  const beyondScript = (): MockReply => {
    if (options.strict !== true || options.respond !== undefined) return {};
    const message = `mockServer: the script has no reply for this request, after ${scripted} replies: add some, or respond`;
    errors.push(new Error(message));
    return { status: 400, body: { error: { message, type: 'invalid_request_error' } } };
  };
  const attempts = new Map<string, number>();
  const batches = createBatchBook(options.batches);
  let script = [...(options.script ?? [])];
  return {
    score,
    countTokens,
    latencyMs: typeof latencyMs === 'number' ? () => latencyMs : latencyMs,
    bucket,
    batches,
    choose: async (request) =>
      script.length > 0
        ? (script.shift() ?? (await options.respond?.(request)) ?? {})
        : ((await options.respond?.(request)) ?? beyondScript()),
    attemptOf: ({ answers, prompt }) => {
      const key = answers.length === 0 ? prompt : JSON.stringify(answers);
      const attempt = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, attempt);
      return attempt;
    },
    enqueue: (...replies) => {
      script.push(...replies);
    },
    reset: () => {
      script = [];
      attempts.clear();
      batches.reset();
      bucket?.refill();
    },
    keepError: (error) => {
      errors.push(error instanceof Error ? error : new Error('a callback of the test threw', { cause: error }));
    },
    throwKeptError: () => {
      const [first] = errors.splice(0);
      if (first !== undefined) throw first;
      if (options.strict === true && script.length > 0) {
        throw new Error(`mockServer: ${script.length} reply(s) of the script were not asked for`);
      }
    },
  };
}

function checkRateLimit(rateLimit: MockRateLimit | undefined): void {
  for (const name of ['requestsPerMinute', 'burst'] as const) {
    const value = rateLimit?.[name];
    if (value !== undefined && !(value >= 1)) {
      throw new GradingOptionsError(`rateLimit.${name}`, 'must be at least 1', String(value));
    }
  }
}
