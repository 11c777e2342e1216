import { assignDefined } from '../json/defined.js';
import { capBody, MAX_BODY_BYTES } from './cap-body.js';
import { ProviderError } from '../contract/errors.js';
import { readRequestId, readErrorShape } from './error-shape.js';
import { gatherReplies } from './gather-replies.js';
import { headerReader, type HeaderReader } from './response-headers.js';
import type { CallContext, CallReport } from '../contract/provider.js';
import { readRateLimitHeaders } from './rate-limit-headers.js';
import { isJsonObject, objectOf, textOf, type JsonObject } from '../json/untyped-json.js';
import { toProviderError } from './to-provider-error.js';
import { yieldToEventLoop } from '../async/yield.js';

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

/** What is known of a running call. */
interface CallState {
  hasHeaders: boolean;
  isTooLong: boolean;
  readonly abort: AbortController;
}

/**
 * Runs one SDK call, reports request id and limits as soon as its headers are there (also when it then fails), and
 * returns the body.
 *
 * @throws {ProviderError} for every failure, for a body that is too long, and for a success whose body is no JSON
 * object: the SDKs hand out the page of a captive portal or proxy as a string.
 */
export async function callVendor(
  vendor: string,
  call: CallContext,
  start: (options: VendorRequestOptions) => VendorCall,
): Promise<JsonObject> {
  const state: CallState = { hasHeaders: false, isTooLong: false, abort: new AbortController() };
  const endTooLong = (): void => {
    state.isTooLong = true;
    state.abort.abort();
  };
  const forget = passOn(call.signal, state.abort);
  try {
    const running = start({ maxRetries: 0, timeout: NEVER_MS, signal: state.abort.signal });
    capBodyOf(running, endTooLong);
    // Reading the body starts first: one SDK would take a lone asResponse() for all there is to trace.
    const body = running.then((value) => value);
    const headers = running.asResponse?.().then(
      (response) => {
        state.hasHeaders = true;
        const header = headerReader(response.headers);
        reportHeaders(header, call);
        if (Number(header('content-length')) > MAX_BODY_BYTES) endTooLong();
      },
      () => undefined,
    );
    const value = await body;
    if (!state.hasHeaders) await headers;
    await gatherReplies();
    if (!isJsonObject(value)) {
      throw new ProviderError('server', `${vendor} answered with ${kindOf(value)} instead of JSON`);
    }
    const requestId = textOf(value['_request_id']);
    if (!state.hasHeaders && requestId !== undefined) call.report({ requestId });
    return value;
  } catch (error) {
    // The vendor's side hears of the closed socket before the next call opens one.
    if (state.isTooLong) await yieldToEventLoop();
    throw failureOf(error, vendor, call, state);
  } finally {
    forget();
  }
}

/**
 * Caps the body before the SDK reads it, which it does as soon as anybody else could have the response. Both SDKs keep
 * that under this name, which is private to them: where it is missing, only a length that is announced counts.
 */
function capBodyOf(running: VendorCall, onTooLong: () => void): void {
  const { responsePromise } = objectOf(running);
  if (!(responsePromise instanceof Promise)) return;
  // Whoever reads the body hears of what goes wrong.
  responsePromise.then((seen) => capBody(objectOf(objectOf(seen)['response']), onTooLong)).catch(() => undefined);
}

/** Much cheaper than `AbortSignal.any`, once per call. */
function passOn(signal: AbortSignal, to: AbortController): () => void {
  const abort = (): void => to.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}

/** Reports what the headers of a response tell. */
export function reportHeaders(header: HeaderReader, call: CallContext): void {
  const rateLimit = readRateLimitHeaders(header, Date.now());
  const requestId = readRequestId(header);
  if (rateLimit !== undefined || requestId !== undefined) {
    call.report(assignDefined<CallReport>({}, { rateLimit, requestId }));
  }
}

function failureOf(
  error: unknown,
  vendor: string,
  call: CallContext,
  { hasHeaders, isTooLong }: CallState,
): ProviderError {
  if (!hasHeaders) reportHeaders(readErrorShape(error).header, call);
  if (isTooLong && !call.signal.aborted) {
    return new ProviderError('malformed', `${vendor} answered with a body of more than ${MAX_BODY_BYTES} bytes`);
  }
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
