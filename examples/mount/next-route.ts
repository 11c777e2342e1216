// Next.js: this file as app/api/review/[...route]/route.ts.
import { review } from './review.ts';

export function POST(request: Request): Promise<Response> {
  return review(request);
}
/** Pages of other origins ask first; the handler answers by its `allowedOrigins`. */
export { POST as OPTIONS };
/** Long enough for the handler's own deadline of 25 s, in seconds. */
export const maxDuration = 30;
