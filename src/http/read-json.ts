import { RequestProblem } from './request-problem.js';

/** Of a body that is too large so much is read, so that the client gets to read the reply. */
const MAX_DRAINED_BYTES = 16 * 1024 * 1024;

/**
 * Refuses what is no JSON by its content type: forms of other sites cannot send it.
 *
 * @throws {RequestProblem} 415
 */
export function requireJson(headers: Headers): void {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return;
  throw new RequestProblem(415, 'the content type must be application/json', {
    headers: { 'accept-post': 'application/json' },
  });
}

/**
 * Reads a body of at most so many bytes as JSON.
 *
 * @throws {RequestProblem} 413 for a larger one, 400 for what is no JSON in UTF-8.
 */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes);
  try {
    // Anything may come: it is checked next.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new RequestProblem(400, 'the body must be JSON in UTF-8');
  }
}

async function readBytes({ body, headers }: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const maxDrainedBytes = Math.max(maxBytes, MAX_DRAINED_BYTES);
  if (Number(headers.get('content-length')) > maxDrainedBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of chunksOf(body)) {
    size += chunk.byteLength;
    if (size <= maxBytes) chunks.push(chunk);
    // No sooner: some servers then reset the connection before the client has read the reply.
    else if (size > maxDrainedBytes) break;
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(maxBytes: number): RequestProblem {
  return new RequestProblem(413, `the body must be of at most ${maxBytes} bytes`);
}

/** Not every platform iterates over streams. */
async function* chunksOf(body: Request['body']): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader();
  try {
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) yield read.value;
  } catch {
    throw new RequestProblem(400, 'the body broke off');
  } finally {
    void reader?.cancel().catch(() => {});
  }
}
