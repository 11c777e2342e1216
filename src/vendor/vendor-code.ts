import type { FailureCode } from '../contract/failure.js';

/** Codes that say more than the status; those for any fault of a server (`api_error`, `server_error`) do not. */
const CODES: Partial<Record<FailureCode, readonly string[]>> = {
  quota: [
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
  rate_limited: [
    'rate_limit_exceeded',
    'rate_limit_error',
    'ramp_limit_exceeded',
    'slow_down',
    'too_many_requests',
    'resource_exhausted',
  ],
  overloaded: ['overloaded_error', 'capacity_exceeded', 'engine_overloaded'],
  auth: [
    'invalid_api_key',
    'authentication_error',
    'permission_error',
    'permission_denied',
    'unauthenticated',
    'account_deactivated',
    'organization_on_hold',
    'unsupported_country_region_territory',
  ],
  not_found: ['model_not_found', 'not_found_error', 'deploymentnotfound'],
  too_large: [
    'context_length_exceeded',
    'request_too_large',
    'request_body_too_large_after_decoding',
    'string_above_max_length',
  ],
  refused: [
    'content_filter',
    'content_policy_violation',
    'responsibleaipolicyviolation',
    'invalid_prompt',
    'bio_policy',
    'misalignment_policy_violation',
  ],
  malformed: ['json_validate_failed', 'tool_use_failed'],
  timeout: ['timeout_error', 'request_body_timeout'],
};

const BY_CODE: ReadonlyMap<string, FailureCode> = new Map(
  Object.entries(CODES).flatMap(([failure, codes]) =>
    // Object.entries forgets that the keys are failure codes.
    codes.map((code): [string, FailureCode] => [code, failure as FailureCode]),
  ),
);

/**
 * Phrases of failures that vendors give no code of their own. The first is a 429 or 413 that no waiting helps: the
 * request alone is larger than a minute's tokens.
 */
const PHRASES: readonly (readonly [FailureCode, RegExp])[] = [
  [
    'too_large',
    /request too large|prompt is too long|maximum context length|exceeds? the (?:\w+ )?context (?:window|size|length)/i,
  ],
  ['quota', /credit balance is too low|reached your specified (?:api )?usage limits|exceeded your current quota/i],
  ['refused', /content filtering policy|content management policy/i],
  ['auth', /could not resolve authentication method|missing credentials|api key is missing|api key not valid/i],
];

/** A server that cannot hold a reply to a schema, or to this schema, says so in words of its own. */
const OUTPUT_MODE =
  /response_format|json[_ ]schema|structured[_ ]outputs?|text\.format|output_config|tool_choice|\btools?\b|function calling|grammar|requested parameters/i;
const CANNOT =
  /not (?:\w+ )?support|unsupported|unavailable|not available|not enabled|not permitted|invalid|unknown|unrecognized|must be|no endpoints found|fail/i;
const CANNOT_STATUSES: ReadonlySet<number> = new Set([400, 404, 422, 500, 501]);

/**
 * The failure that a vendor's own words stand for, which beats the HTTP status: a 429 may mean "no money left", a 400
 * "the learner's text was blocked".
 */
export function failureOfVendorCode(
  codes: readonly string[],
  text: string,
  status: number | undefined,
): FailureCode | undefined {
  const phrase = PHRASES.find(([, pattern]) => pattern.test(text))?.[0];
  const coded = codes.map((code) => BY_CODE.get(code.toLowerCase())).find((failure) => failure !== undefined);
  if (coded !== undefined) return coded === 'rate_limited' && phrase === 'too_large' ? phrase : coded;
  if (phrase !== undefined) return phrase;
  const isAboutMode = status !== undefined && CANNOT_STATUSES.has(status) && OUTPUT_MODE.test(text);
  return isAboutMode && CANNOT.test(text) ? 'unsupported' : undefined;
}

/** The failure that an HTTP status stands for when the vendor gives no code. */
export function failureOfStatus(status: number): FailureCode {
  return BY_STATUS.get(status) ?? (status >= 500 || status < 400 ? 'server' : 'invalid_request');
}

const BY_STATUS: ReadonlyMap<number, FailureCode> = new Map<number, FailureCode>([
  [401, 'auth'],
  [402, 'quota'],
  [403, 'auth'],
  [404, 'not_found'],
  [405, 'unsupported'],
  [408, 'timeout'],
  [409, 'server'],
  [413, 'too_large'],
  [429, 'rate_limited'],
  // Groq's flex tier has no room; no SDK retries it.
  [498, 'overloaded'],
  [499, 'server'],
  [501, 'unsupported'],
  [503, 'overloaded'],
  [504, 'timeout'],
  [529, 'overloaded'],
]);
