import { describe, expect, test, vi } from 'vitest';
import { capBody, MAX_BODY_BYTES } from '../../src/vendor/cap-body.js';

/** A response whose body comes in two pieces, cut at the byte. */
function responseOf(text: string, headers: Record<string, string> = {}, cutAt: number = 1): Response {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream({
    start: (stream) => {
      stream.enqueue(bytes.slice(0, cutAt));
      stream.enqueue(bytes.slice(cutAt));
      stream.close();
    },
  });
  return new Response(body, { headers });
}

const atTheCap = 'x'.repeat(MAX_BODY_BYTES);

describe('capBody', () => {
  test.each([
    ['without a length', {}],
    ['compressed, whatever its length', { 'content-length': '20', 'content-encoding': 'gzip' }],
  ])('ends the reading of a body %s as soon as more has come', async (_, headers) => {
    for (const read of ['text', 'json'] as const) {
      const onTooLong = vi.fn<() => void>();
      const response = responseOf(`${atTheCap}x`, headers);
      capBody(response, onTooLong);
      await expect(response[read]()).rejects.toThrow('more than 8388608 bytes');
      expect(onTooLong).toHaveBeenCalledTimes(1);
    }
  });

  test('gives a body up to the cap as it is', async () => {
    const onTooLong = vi.fn<() => void>();
    const response = responseOf(atTheCap);
    capBody(response, onTooLong);
    expect(await response.text()).toHaveLength(MAX_BODY_BYTES);
    expect(onTooLong).not.toHaveBeenCalled();
  });

  test('reads text and JSON as the platform does', async () => {
    for (const text of ['{"a":"über"}', '\uFEFF{"a":1}', '']) {
      const [capped, plain] = [responseOf(text, {}, 7), responseOf(text, {}, 7)];
      capBody(capped, () => {});
      expect(await capped.text()).toBe(await plain.text());
    }
    const [good, bad] = [responseOf('{"a":"ü"}', {}, 7), responseOf('no JSON')];
    for (const response of [good, bad]) capBody(response, () => {});
    expect(await good.json()).toEqual({ a: 'ü' });
    await expect(bad.json()).rejects.toThrow(SyntaxError);
  });

  test('leaves alone what tells its length, what has no body and what is no response', () => {
    const announced = responseOf('x', { 'content-length': '1' });
    const { text } = announced;
    capBody(announced, () => {});
    expect(announced.text).toBe(text);
    const empty = new Response(null, { status: 204 });
    capBody(empty, () => {});
    expect(empty.text).toBe(text);
    for (const other of [{}, { body: 'x' }]) {
      capBody(other, () => {});
      expect(other).not.toHaveProperty('text');
    }
  });
});
