import type { FailureCode, GradingFailure } from '../../contract/failure.js';

/**
 * Remedy against a failure, in the order in which they are tried.
 * - `repeat`: the same call again after a back-off, unless the error says that this is of no use; then the next mode.
 * - `re-ask`: a call that says what was wrong, once a link; then the next mode.
 * - `next-mode`: asked in another way, a model may well answer. Repeated only where the error says that this helps.
 * - `next-provider`: nothing that this provider is asked again helps, whatever the error says.
 */
export type Remedy = 'repeat' | 're-ask' | 'next-mode' | 'next-provider';

/** The remedy against each failure: a record, so that the compiler asks for one against a new code. */
const REMEDIES: Readonly<Record<FailureCode, Remedy>> = {
  rate_limited: 'repeat',
  overloaded: 'repeat',
  timeout: 'repeat',
  network: 'repeat',
  server: 'repeat',
  malformed: 're-ask',
  truncated: 're-ask',
  unknown: 'next-mode',
  too_large: 'next-provider',
  refused: 'next-provider',
  invalid_request: 'next-provider',
  unsupported: 'next-provider',
  auth: 'next-provider',
  quota: 'next-provider',
  not_found: 'next-provider',
  aborted: 'next-provider',
  deadline_exceeded: 'next-provider',
  budget_exceeded: 'next-provider',
};

/**
 * The remedy against a failure. A code that no version knows, of a provider in plain JavaScript, counts as `unknown`.
 */
export function remedyFor({ code }: Pick<GradingFailure, 'code'>): Remedy {
  return REMEDIES[code] ?? REMEDIES.unknown;
}
