import { assignDefined } from './assign-defined.js';
import { ProviderError } from './errors.js';
import { readRequestId, readErrorShape } from './error-shape.js';
import { headerReader, type HeaderReader } from './header-reader.js';
import type { CallContext, CallReport } from './provider.js';
import { readRateLimitHeaders } from './rate-limit-headers.js';
import { isJsonObject, textOf, type JsonObject } from './untyped-json.js';
import { toProviderError } from './vendor-error.js';

/** Longer than any call: time is the engine's to keep, and it covers the body, which the SDKs' own timeouts do not. */
const NEVER_MS = 24 * 60 * 60 * 1_000;

/** What adapters pass to every SDK call. */
export interface VendorRequestOptions {
  /** Always 0: the engine retries, once for everybody. */
  maxRetries: number;
  /** Milliseconds; so long that it never fires. */
  timeout: number;
  signal: AbortSignal;
}

/** A running SDK call: a promise of the parsed body that can also hand out the response before its body is read. */
export interface VendorCall extends PromiseLike<unknown> {
  /** Absent in clients wrapped by some tracing packages; then limits are known only for failed calls. */
  asResponse?(): PromiseLike<{ readonly headers: object }>;
}

/**
 * Runs one SDK call, reports request id and limits as soon as its headers are there (also when it then fails), and
 * returns the body.
 *
 * @throws {ProviderError} for every failure, and for a success whose body is no JSON object: the SDKs hand out the page
 * of a captive portal or proxy as a string.
 */
export async function callVendor(
  vendor: string,
  call: CallContext,
  start: (options: VendorRequestOptions) => VendorCall,
): Promise<JsonObject> {
  const state = { hasHeaders: false };
  try {
    const running = start({ maxRetries: 0, timeout: NEVER_MS, signal: call.signal });
    // Reading the body starts first: one SDK would take a lone asResponse() for all there is to trace.
    const body = running.then((value) => value);
    const headers = running.asResponse?.().then(
      (response) => {
        state.hasHeaders = true;
        return reportHeaders(headerReader(response.headers), call);
      },
      () => undefined,
    );
    const [value] = await Promise.all([body, headers]);
    if (!isJsonObject(value)) {
      throw new ProviderError('server', `${vendor} answered with ${kindOf(value)} instead of JSON`);
    }
    const requestId = textOf(value['_request_id']);
    if (!state.hasHeaders && requestId !== undefined) call.report({ requestId });
    return value;
  } catch (error) {
    throw failureOf(error, vendor, call, state.hasHeaders);
  }
}

/** Reports what the headers of a response tell. */
export function reportHeaders(header: HeaderReader, call: CallContext): void {
  const rateLimit = readRateLimitHeaders(header, Date.now());
  const requestId = readRequestId(header);
  if (rateLimit !== undefined || requestId !== undefined) {
    call.report(assignDefined<CallReport>({}, { rateLimit, requestId }));
  }
}

function failureOf(error: unknown, vendor: string, call: CallContext, hasHeaders: boolean): ProviderError {
  if (!hasHeaders) reportHeaders(readErrorShape(error).header, call);
  const failure = toProviderError(error, call.signal, vendor);
  // After good headers only the body can be at fault: one SDK trips over a text where it expects an object.
  return hasHeaders && failure.code === 'unknown'
    ? new ProviderError('server', `${vendor} answered with a body that cannot be read`, { cause: failure.cause })
    : failure;
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return value.trimStart().startsWith('<') ? 'a web page' : 'text';
  if (Array.isArray(value)) return 'a list';
  return value === undefined || value === null ? 'an empty body' : `a ${typeof value}`;
}
