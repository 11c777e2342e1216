// Cloudflare Workers, and other platforms that take a module with a fetch function. A Worker may not use in one request what
// another one waits for, so every request has a grader of its own: limits hold per request here. The key is in `env`.
import { createGrader } from 'gradelanes';
import { createReviewHandler } from 'gradelanes/http';
import { offlineProvider } from 'gradelanes/offline';
import { reviewOptions } from './review-options.ts';

/** Bindings of the Worker: a provider with a key would take it from here. */
interface Env {
  MODEL_API_KEY?: string;
}

const worker: { fetch(request: Request, env: Env): Promise<Response> } = {
  fetch: (request, _env) => {
    // Instead: openaiProvider(new OpenAI({ apiKey: env.MODEL_API_KEY }), { model: '...' }).
    const grader = createGrader({ provider: offlineProvider() });
    return createReviewHandler({ ...reviewOptions, grader })(request);
  },
};
export default worker;
