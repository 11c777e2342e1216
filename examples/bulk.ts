// 20,000 answers through two worker processes, one of which is killed while it runs: npm run bulk-demo
// Everything it needs comes from npm, a PostgreSQL server included; the model is simulated.
import { gradeInBulk } from './bulk/grade-in-bulk.ts';

const [answers = 20_000, requestsPerMinute = 30_000] = process.argv.slice(2).map(Number);
await gradeInBulk(answers, requestsPerMinute);
