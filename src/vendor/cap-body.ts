import { headerReader } from './response-headers.js';
import { objectOf } from '../json/untyped-json.js';

/** A longer body is not read: far beyond any list of verdicts and the thinking that a server may send along. */
export const MAX_BODY_BYTES: number = 8 * 2 ** 20;

/**
 * Lets nobody read more of a body than that, where its headers do not tell how long it gets: it comes in chunks, or is
 * unpacked. In place and before the first read, so that all else of the response stays what it was.
 *
 * @param onTooLong Is called once more has come, and ends the connection.
 */
export function capBody(response: object, onTooLong: () => void): void {
  const { body, headers } = objectOf(response);
  if (!(body instanceof ReadableStream) || tellsLength(headers)) return;
  const text = (): Promise<string> => readText(body, onTooLong);
  const json = async (): Promise<unknown> => JSON.parse(await text());
  // Some servers replace the platform's response by one whose methods cannot be assigned.
  Object.defineProperties(response, { text: { value: text }, json: { value: json } });
}

function tellsLength(headers: unknown): boolean {
  const header = headerReader(headers);
  return header('content-length') !== undefined && header('content-encoding') === undefined;
}

async function readText(body: ReadableStream<Uint8Array>, onTooLong: () => void): Promise<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      onTooLong();
      throw new RangeError(`The body has more than ${MAX_BODY_BYTES} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
