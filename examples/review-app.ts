// A small app that reviews a flash card: npm run review-app, or node examples/review-app.ts [port]
// The offline grader marks, as late as if it were a model over a network. No key is needed.
import { startServer } from './review-app/start-server.ts';

const { url } = await startServer(Number(process.argv[2] ?? 4_173));
console.log(`The review app runs at ${url} (Ctrl+C stops it)`);
