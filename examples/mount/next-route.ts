// Next.js: this file as app/api/review/[...route]/route.ts.
import { review } from './review.ts';

export const POST = (request: Request): Promise<Response> => review(request);
/** Long enough for the handler's own deadline of 25 s, in seconds. */
export const maxDuration = 30;
