import { RequestProblem } from './request-problem.js';

/** The three routes: several answers at once, several in a batch, a single one. */
export type ReviewRouteKind = 'parallel' | 'batch' | 'single';

/** Where a request goes. */
export interface ReviewRoute {
  kind: ReviewRouteKind;
  sessionId: string;
  cardId: string;
}

const ROUTE =
  /^\/session\/(?<session>[^/]+)\/(?:answers\/(?<several>[^/]+)\/(?<kind>parallel|batch)|answer\/(?<one>[^/]+))$/;

/**
 * Reads the route out of a path.
 *
 * @throws {RequestProblem} 404 where there is none.
 */
export function matchRoute(basePath: string, path: string): ReviewRoute {
  const { session, several, one, kind } =
    (path.startsWith(basePath) && ROUTE.exec(path.slice(basePath.length))?.groups) || {};
  const [sessionId, cardId] = [decoded(session), decoded(several ?? one)];
  if (sessionId === undefined || cardId === undefined) throw new RequestProblem(404, 'there is no such route');
  return { kind: kind === 'parallel' || kind === 'batch' ? kind : 'single', sessionId, cardId };
}

/** `undefined` for what is no text in percent-encoding. */
function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
