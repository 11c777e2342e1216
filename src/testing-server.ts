export { mockServer, type MockServer } from './testing-server/mock-server.js';
export type { MockServerOptions } from './testing-server/reply-desk.js';
export type { MockBatchOptions } from './testing-server/batch-book.js';
export type { MockRequest } from './testing-server/mock-request.js';
export type { MockApi } from './testing-server/dialect.js';
export type { RecordedRequest } from './testing-server/recorded-request.js';
export type { MockRateLimit } from './testing-server/token-bucket.js';
export type {
  MockError,
  MockErrorReply,
  MockFault,
  MockFaultReply,
  MockRawReply,
  MockReply,
  MockReplyOptions,
  MockStop,
  MockTextReply,
  MockUsage,
  MockVerdictsReply,
} from './testing-server/mock-reply.js';
