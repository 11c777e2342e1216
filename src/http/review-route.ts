import { RequestProblem } from './request-problem.js';

/** The three routes: several answers at once, several in a batch, a single one. */
export type ReviewRouteKind = 'parallel' | 'batch' | 'single';

/** Where a request goes. */
export interface ReviewRoute {
  kind: ReviewRouteKind;
  /** As it stands in the path, decoded: any text without control characters, such as `../x`. Never a part of a file's name. */
  sessionId: string;
  /** As `sessionId`. */
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

/** Control characters are in no id: databases refuse some, and logs show others as lines of their own. */
const CONTROL = /\p{Cc}/u;

/** `undefined` for what is no text in percent-encoding. */
function decoded(part: string | undefined): string | undefined {
  try {
    const text = part === undefined ? undefined : decodeURIComponent(part);
    return text === undefined || CONTROL.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
