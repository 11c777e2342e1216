import { isProviderError, type ProviderError } from 'gradelanes';

/** The error that a call must fail with. */
export async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const outcome = await call.catch((error: unknown) => error);
  if (isProviderError(outcome)) return outcome;
  throw new Error('expected a ProviderError', { cause: outcome });
}
