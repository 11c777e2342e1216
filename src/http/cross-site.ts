import { RequestProblem } from './request-problem.js';

/** The part of a request that tells where it comes from. */
interface Origins {
  url: URL;
  headers: Headers;
}

/**
 * Refuses what another site makes a learner's browser send. `Sec-Fetch-Site` decides where there is one, else `Origin`
 * must name this host. Clients that are no browsers send neither and pass.
 *
 * @throws {RequestProblem} 403
 */
export function refuseCrossSite({ url, headers }: Origins, allowedOrigins: ReadonlySet<string>): void {
  const origin = headers.get('origin');
  if (origin !== null && allowedOrigins.has(origin)) return;
  const site = headers.get('sec-fetch-site');
  const isOwn =
    site === null ? origin === null || hostOf(origin) === (headers.get('host') ?? url.host) : isTrusted(site);
  if (!isOwn) throw new RequestProblem(403, 'requests of other sites are not served');
}

/** What lets a page of an allowed origin read the reply. */
export function corsHeaders(
  { headers }: Origins,
  allowedOrigins: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const origin = headers.get('origin');
  if (allowedOrigins.size === 0) return {};
  if (origin === null || !allowedOrigins.has(origin)) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'Retry-After',
  };
}

/** The reply to a browser that asks whether a page of an allowed origin may send the request at all. */
export function preflightHeaders(
  method: string,
  cors: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  if (method !== 'OPTIONS' || cors['access-control-allow-origin'] === undefined) return undefined;
  return {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'Content-Type, Idempotency-Key, Authorization',
    'access-control-max-age': '600',
  };
}

function isTrusted(site: string): boolean {
  return site === 'same-origin' || site === 'none';
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
