import { RequestProblem } from './request-problem.js';

/** A request whose body a framework has read: what `handle()` takes. An Express request fits but for its `signal`. */
export interface ParsedReviewRequest {
  method: string;
  /** The whole path, or an absolute URL. */
  url: string;
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body as parsed JSON. */
  body: unknown;
  /** Aborts when the client leaves. */
  signal?: AbortSignal | undefined;
  /** What the framework knows of the request; hooks get it as it is. */
  locals?: Readonly<Record<string, unknown>> | undefined;
}

/** The part of a request before its body. */
export interface RequestHead {
  method: string;
  url: URL;
  headers: Headers;
  signal: AbortSignal | undefined;
  locals: Readonly<Record<string, unknown>>;
}

/**
 * The head of a `Request`.
 *
 * @throws {RequestProblem} 400 for an address that is no URL: some servers build it from the Host header, unchecked.
 */
export function headOfRequest(request: Request): RequestHead {
  const { method, headers, signal } = request;
  return { method, url: urlOf(() => request.url), headers, signal, locals: {} };
}

/**
 * The head of a request that a framework has parsed.
 *
 * @throws {RequestProblem} 400 for an address that is no URL, and for headers that cannot be.
 */
export function headOfParsed({ method, url, headers, signal, locals = {} }: ParsedReviewRequest): RequestHead {
  return { method, url: urlOf(() => url), headers: headersOf(headers), signal, locals };
}

function urlOf(read: () => string): URL {
  try {
    return new URL(read(), 'http://localhost');
  } catch {
    throw new RequestProblem(400, 'the address must be a URL, and the Host header a host');
  }
}

function headersOf(given: ParsedReviewRequest['headers']): Headers {
  if (given instanceof Headers) return given;
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    // Not the pseudo-headers of HTTP/2.
    if (value === undefined || name.startsWith(':')) continue;
    try {
      headers.set(name, typeof value === 'string' ? value : value.join(', '));
    } catch {
      throw new RequestProblem(400, 'every header must have a name and a value that HTTP allows');
    }
  }
  return headers;
}
