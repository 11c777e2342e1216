import { describe, expect, test } from 'vitest';
import type { FailureCode } from '../../src/contract/failure.js';
import { failureOfStatus, failureOfVendorCode } from '../../src/vendor/vendor-code.js';

const meanings: readonly [FailureCode, readonly string[]][] = [
  [
    'quota',
    [
      'insufficient_quota',
      'credit_balance_exhausted',
      'organization_spend_limit_exceeded',
      'project_spend_limit_exceeded',
      'organization_usage_limit_exceeded',
      'billing_not_active',
      'billing_hard_limit_reached',
      'billing_error',
      'enforced_spend_limit_reached',
      'contract_spend_limit_reached',
      'linked_organization_spend_limit_reached',
      'linked_organization_billing_unavailable',
    ],
  ],
  [
    'rate_limited',
    [
      'rate_limit_exceeded',
      'rate_limit_error',
      'ramp_limit_exceeded',
      'slow_down',
      'too_many_requests',
      'RESOURCE_EXHAUSTED',
    ],
  ],
  ['overloaded', ['overloaded_error', 'capacity_exceeded', 'engine_overloaded']],
  [
    'auth',
    [
      'invalid_api_key',
      'authentication_error',
      'permission_error',
      'permission_denied',
      'UNAUTHENTICATED',
      'account_deactivated',
      'organization_on_hold',
      'unsupported_country_region_territory',
    ],
  ],
  ['not_found', ['model_not_found', 'not_found_error', 'DeploymentNotFound']],
  [
    'too_large',
    [
      'context_length_exceeded',
      'request_too_large',
      'request_body_too_large_after_decoding',
      'string_above_max_length',
    ],
  ],
  [
    'refused',
    [
      'content_filter',
      'content_policy_violation',
      'ResponsibleAIPolicyViolation',
      'invalid_prompt',
      'bio_policy',
      'misalignment_policy_violation',
    ],
  ],
  ['malformed', ['json_validate_failed', 'tool_use_failed']],
  ['timeout', ['timeout_error', 'request_body_timeout']],
];

describe('a vendor code alone', () => {
  test.each(meanings.flatMap(([failure, codes]) => codes.map((code): [string, FailureCode] => [code, failure])))(
    '%s means %s',
    (code, failure) => {
      expect(failureOfVendorCode([code], '', undefined)).toBe(failure);
    },
  );

  test('that is as general as the status means nothing', () => {
    for (const code of ['server_error', 'api_error', 'invalid_request_error', 'toString']) {
      expect(failureOfVendorCode([code], '', 500)).toBeUndefined();
    }
  });

  test('that is known counts, wherever it stands', () => {
    expect(failureOfVendorCode(['something_new', 'slow_down', 'insufficient_quota'], '', 429)).toBe('rate_limited');
  });
});

describe('a phrase', () => {
  test.each<[string, FailureCode]>([
    ['Request too large for gpt-6 on tokens per min', 'too_large'],
    ['prompt is too long: 250000 tokens', 'too_large'],
    ["This model's maximum context length is 8192 tokens", 'too_large'],
    ['the request exceeds the available context size', 'too_large'],
    ['Your input exceeds the context window of this model', 'too_large'],
    ['messages exceed the model context length', 'too_large'],
    ['Your credit balance is too low', 'quota'],
    ['You have reached your specified API usage limits', 'quota'],
    ['You have reached your specified usage limits', 'quota'],
    ['You exceeded your current quota', 'quota'],
    ['Output blocked by content filtering policy', 'refused'],
    ["triggering Azure OpenAI's content management policy", 'refused'],
    ['Could not resolve authentication method', 'auth'],
    ['Missing credentials. Please pass an apiKey', 'auth'],
    ['OpenAI API key is missing', 'auth'],
    ['API key not valid', 'auth'],
  ])('"%s" means %s, without a code and under any code that is unknown', (text, failure) => {
    expect(failureOfVendorCode([], text, undefined)).toBe(failure);
    expect(failureOfVendorCode(['something_new'], text, 400)).toBe(failure);
  });

  test('gives way to a code, but for a request that no waiting makes smaller', () => {
    expect(failureOfVendorCode(['insufficient_quota'], 'Request too large', 429)).toBe('quota');
    expect(failureOfVendorCode(['rate_limit_exceeded'], 'You exceeded your current quota', 429)).toBe('rate_limited');
    expect(failureOfVendorCode(['rate_limit_exceeded'], 'Request too large', 413)).toBe('too_large');
  });
});

describe('a refusal of the way to ask', () => {
  test.each([
    'response_format is not supported',
    'json_schema not yet supported',
    'JSON Schema unsupported',
    'structured outputs are unavailable',
    'structured_output not available',
    'Unknown parameter: text.format',
    'output_config: extra inputs are not permitted',
    'invalid tool_choice',
    'tools are not enabled for this model',
    'unrecognized argument: tool',
    'function calling must be turned off',
    'failed to parse grammar',
    'No endpoints found that can handle the requested parameters',
  ])('is read from "%s"', (text) => {
    for (const status of [400, 404, 422, 500, 501]) expect(failureOfVendorCode([], text, status)).toBe('unsupported');
    for (const status of [undefined, 401, 429, 503]) expect(failureOfVendorCode([], text, status)).toBeUndefined();
  });

  test.each(['response_format is fine', 'messages are not supported', 'toolbox is not supported', ''])(
    'is not read from "%s"',
    (text) => {
      expect(failureOfVendorCode([], text, 400)).toBeUndefined();
    },
  );
});

describe('a status alone', () => {
  test.each<[number, FailureCode]>([
    [302, 'server'],
    [400, 'invalid_request'],
    [401, 'auth'],
    [402, 'quota'],
    [403, 'auth'],
    [404, 'not_found'],
    [405, 'unsupported'],
    [408, 'timeout'],
    [409, 'server'],
    [413, 'too_large'],
    [422, 'invalid_request'],
    [429, 'rate_limited'],
    [498, 'overloaded'],
    [499, 'server'],
    [500, 'server'],
    [501, 'unsupported'],
    [502, 'server'],
    [503, 'overloaded'],
    [504, 'timeout'],
    [529, 'overloaded'],
  ])('%i means %s', (status, failure) => {
    expect(failureOfStatus(status)).toBe(failure);
  });
});
