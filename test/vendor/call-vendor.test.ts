import { describe, expect, test } from 'vitest';
import { callVendor, type VendorCall, type VendorRequestOptions } from '../../src/vendor/call-vendor.js';
import { failureOf } from '../tools/failure-of.js';
import { recordingCall } from '../tools/model-call.js';

/** A call whose headers are there and whose body comes with the abort, if at all. */
function endlessCall(headers: Record<string, string>, { signal }: VendorRequestOptions): VendorCall {
  const body = new Promise<unknown>((_, reject) => {
    const abort = (): void => reject(new DOMException('aborted', 'AbortError'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
  });
  return Object.assign(body, { asResponse: async () => ({ headers }) });
}

describe('callVendor', () => {
  test('ends a call whose body says that it is too long, and says so', async () => {
    const call = recordingCall();
    const headers = { 'content-length': '8388609', 'x-request-id': 'req_1' };
    const failure = await failureOf(callVendor('Vendor', call, (options) => endlessCall(headers, options)));
    expect(failure).toMatchObject({
      code: 'malformed',
      message: 'Vendor answered with a body of more than 8388608 bytes',
    });
    expect(call.reported).toEqual({ requestId: 'req_1' });
    expect(call.signal.aborted).toBe(false);
  });

  test('leaves a long body alone, and ends it with the caller', async () => {
    const abort = new AbortController();
    const failure = failureOf(
      callVendor('Vendor', recordingCall(abort.signal), (options) =>
        endlessCall({ 'content-length': '8388608' }, options),
      ),
    );
    abort.abort(new DOMException('too slow', 'TimeoutError'));
    expect(await failure).toMatchObject({ code: 'timeout' });
  });

  test("is the caller's abort where both happened", async () => {
    const signal = AbortSignal.abort();
    const start = (options: VendorRequestOptions): VendorCall => endlessCall({ 'content-length': '9999999' }, options);
    expect(await failureOf(callVendor('Vendor', recordingCall(signal), start))).toMatchObject({ code: 'aborted' });
  });

  test('hears no abort once the call is over', async () => {
    const abort = new AbortController();
    let seen: AbortSignal | undefined;
    await callVendor('Vendor', recordingCall(abort.signal), ({ signal }) => {
      seen = signal;
      return Promise.resolve({ id: 1 });
    });
    abort.abort();
    expect(seen?.aborted).toBe(false);
  });

  test('hands on replies together that come one after the other in the same turn', async () => {
    const log: string[] = [];
    const call = async (name: string): Promise<void> => {
      const body = Promise.resolve({ name });
      await callVendor('Vendor', recordingCall(), () => body.finally(() => log.push(`${name} came`)));
      log.push(`${name} handed on`);
    };
    await Promise.all([call('first'), call('second')]);
    expect(log).toEqual(['first came', 'second came', 'first handed on', 'second handed on']);
  });
});
