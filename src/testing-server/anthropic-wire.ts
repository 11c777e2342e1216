import type { Problem, VendorWire } from './dialect.js';
import type { MockError } from './mock-reply.js';

/** What Anthropic's endpoints share: `request-id`, `anthropic-ratelimit-*`, `{ type: 'error', error: { type, message } }`. */
export const anthropicWire: VendorWire = {
  requestIdHeader: 'request-id',
  requestId: (index) => `req_01mock${String(index).padStart(8, '0')}`,
  checkCredentials: (header) =>
    header('x-api-key') !== undefined || header('authorization')?.startsWith('Bearer ') === true
      ? undefined
      : { status: 401, type: 'authentication_error', message: 'x-api-key header is required' },
  problemOf,
  errorBody: ({ type, message, code }, requestId) => ({
    type: 'error',
    error: { type, message, ...(code !== undefined && { details: { error_code: code } }) },
    request_id: requestId,
  }),
  limitHeaders: ({ limit, remaining, resetMs }, nowMs) => ({
    'anthropic-ratelimit-requests-limit': String(limit),
    'anthropic-ratelimit-requests-remaining': String(remaining),
    // The vendor gives whole seconds.
    'anthropic-ratelimit-requests-reset': `${new Date(nowMs + resetMs).toISOString().slice(0, 19)}Z`,
  }),
};

/** A 400 in Anthropic's words. */
export function invalidRequest(message: string): Problem {
  return { status: 400, type: 'invalid_request_error', message };
}

const WORDS: Partial<Record<MockError, Omit<Problem, 'status'> & { status?: number }>> = {
  401: { type: 'authentication_error', message: 'invalid x-api-key' },
  402: { type: 'billing_error', message: 'There is an issue with billing.' },
  403: { type: 'permission_error', message: 'Your API key does not have permission to use the specified resource.' },
  404: { type: 'not_found_error', message: 'model: mock' },
  413: { type: 'request_too_large', message: 'Request exceeds the maximum size' },
  429: { type: 'rate_limit_error', message: 'This request would exceed your rate limit.' },
  504: { type: 'timeout_error', message: 'Request timed out' },
  529: { type: 'overloaded_error', message: 'Overloaded' },
  insufficient_quota: {
    status: 429,
    type: 'rate_limit_error',
    code: 'enforced_spend_limit_reached',
    message: 'Spend limit reached.',
  },
  context_length: invalidRequest('prompt is too long: 250000 tokens > 200000 maximum'),
  content_filter: invalidRequest('Output blocked by content filtering policy'),
};

function problemOf(error: MockError): Problem {
  const status = typeof error === 'number' ? error : 400;
  const type = status < 500 ? 'invalid_request_error' : 'api_error';
  return { status, type, message: `Mock error ${error}.`, ...WORDS[error] };
}
