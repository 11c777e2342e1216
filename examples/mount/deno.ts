// Deno: `deno run --allow-net examples/mount/deno.ts`. With Deno's own types, the declaration is not needed.
import { review } from './review.ts';

declare const Deno: { serve(handler: (request: Request) => Promise<Response>): unknown };

Deno.serve(review);
