// Bun: `bun examples/mount/bun.ts`. With @types/bun in your project, the declaration is not needed.
import { review } from './review.ts';

declare const Bun: { serve(options: { fetch: (request: Request) => Promise<Response>; idleTimeout: number }): unknown };

// Seconds; longer than the handler's heartbeat of 15 s.
Bun.serve({ fetch: review, idleTimeout: 30 });
