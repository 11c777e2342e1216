// Node, with @hono/node-server in between: `node examples/mount/node.ts 3000`. srvx and @whatwg-node/server do as well.
import { serve } from '@hono/node-server';
import { review } from './review.ts';

serve({ fetch: review, hostname: '127.0.0.1', port: Number(process.argv[2] ?? 3000) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}/api/review`);
});
