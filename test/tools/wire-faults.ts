import type { MockReply } from 'gradelanes/testing-server';
import type { FailureCode } from '../../src/contract/failure.js';

/** What every adapter must make of a vendor's errors and of a broken wire. */
export const wireFaults: readonly (readonly [reply: MockReply, codes: readonly FailureCode[]])[] = [
  [{ error: 400 }, ['invalid_request']],
  [{ error: 401 }, ['auth']],
  [{ error: 402 }, ['quota']],
  [{ error: 403 }, ['auth']],
  [{ error: 404 }, ['not_found']],
  [{ error: 408 }, ['timeout']],
  [{ error: 409 }, ['server']],
  [{ error: 413 }, ['too_large']],
  [{ error: 422 }, ['invalid_request']],
  [{ error: 429 }, ['rate_limited']],
  [{ error: 500 }, ['server']],
  [{ error: 502 }, ['server']],
  [{ error: 503 }, ['overloaded']],
  [{ error: 504 }, ['timeout']],
  [{ error: 529 }, ['overloaded']],
  [{ error: 'insufficient_quota' }, ['quota']],
  [{ error: 'context_length' }, ['too_large']],
  [{ error: 'content_filter' }, ['refused']],
  [{ fault: 'reset' }, ['network']],
  [{ fault: 'resetMidBody' }, ['network']],
  [{ fault: 'truncatedBody' }, ['network']],
  // The AI SDK sees text that is no JSON, as in a body that was cut.
  [{ fault: 'html' }, ['server', 'network']],
  // One SDK hands out nothing, the others stumble over the empty text.
  [{ fault: 'empty' }, ['server', 'network']],
  [{ status: 200, body: [] }, ['server']],
  [{ status: 200, body: {} }, ['server']],
];
