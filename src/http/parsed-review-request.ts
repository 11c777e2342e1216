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

/** The head of a request that a framework has parsed. */
export function headOf({ method, url, headers, signal, locals = {} }: ParsedReviewRequest): RequestHead {
  const base = 'http://localhost';
  // What is no URL leads to no route.
  const parsed = new URL(URL.canParse(url, base) ? url : base, base);
  return { method, url: parsed, headers: headersOf(headers), signal, locals };
}

function headersOf(given: ParsedReviewRequest['headers']): Headers {
  if (given instanceof Headers) return given;
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    // Not the pseudo-headers of HTTP/2.
    if (value !== undefined && !name.startsWith(':'))
      headers.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  return headers;
}
