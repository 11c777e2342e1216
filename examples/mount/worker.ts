// Cloudflare Workers, and other platforms that take a module with a fetch function.
import { review } from './review.ts';

const worker: { fetch(request: Request): Promise<Response> } = { fetch: (request) => review(request) };
export default worker;
