import type { Problem, VendorWire } from './dialect.js';
import type { MockError } from './mock-reply.js';

/** What OpenAI's endpoints share: bearer key, `x-request-id`, `x-ratelimit-*`, `{ error: { message, type, param, code } }`. */
export const openaiWire: VendorWire = {
  requestIdHeader: 'x-request-id',
  requestId: (index) => `req_${String(index).padStart(8, '0')}`,
  checkCredentials: (header) =>
    header('authorization')?.startsWith('Bearer ') === true || header('api-key') !== undefined
      ? undefined
      : { status: 401, type: 'invalid_request_error', message: "You didn't provide an API key." },
  problemOf,
  errorBody: ({ message, type, param = null, code = null }) => ({ error: { message, type, param, code } }),
  limitHeaders: ({ limit, remaining, resetMs }) => ({
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-reset-requests': `${Math.ceil(resetMs)}ms`,
  }),
};

/** A 400 in OpenAI's words. */
export function invalidRequest(message: string, param?: string, code?: string): Problem {
  return { status: 400, type: 'invalid_request_error', message, param, code };
}

/** A 400 for a parameter that must be there. */
export function missingParameter(param: string): Problem {
  return invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
}

const WORDS: Partial<Record<MockError, Omit<Problem, 'status'> & { status?: number }>> = {
  401: { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided: sk-mock****.' },
  403: { type: 'insufficient_permissions', message: 'You have insufficient permissions for this operation.' },
  404: { type: 'invalid_request_error', code: 'model_not_found', message: 'The model does not exist.' },
  429: { type: 'requests', code: 'rate_limit_exceeded', message: 'Rate limit reached for requests per min (RPM).' },
  503: { type: 'server_error', code: 'engine_overloaded', message: 'The engine is currently overloaded.' },
  insufficient_quota: {
    status: 429,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.',
  },
  context_length: invalidRequest('Your input exceeds the context window.', 'input', 'context_length_exceeded'),
  content_filter: invalidRequest('Filtered by the content management policy.', 'prompt', 'content_filter'),
};

function problemOf(error: MockError): Problem {
  const status = typeof error === 'number' ? error : 400;
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  return { status, type, message: `Mock error ${error}.`, ...WORDS[error] };
}
