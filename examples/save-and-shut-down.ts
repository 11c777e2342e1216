// Grades in SQLite: saved before the reply goes out, corrected by a teacher, and none lost when the server stops.
// `node examples/save-and-shut-down.ts 3000`, then Ctrl+C while a request is under way.
import { DatabaseSync } from 'node:sqlite';
import { serve } from '@hono/node-server';
import { createGrader, type GradedAnswer, type Question } from 'gradelanes';
import { overrideGrade } from 'gradelanes/evaluate';
import { createReviewHandler } from 'gradelanes/http';
import { offlineProvider } from 'gradelanes/offline';

const question: Question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };

const db = new DatabaseSync(process.env['DATABASE'] ?? ':memory:');
db.exec(
  'CREATE TABLE IF NOT EXISTS grades (learner text, card text, question int, result text, PRIMARY KEY (learner, card, question))',
);
const put = db.prepare('INSERT OR REPLACE INTO grades VALUES (?, ?, ?, ?)');
const get = db.prepare('SELECT result FROM grades WHERE learner = ? AND card = ? AND question = ?');

const grader = createGrader({ provider: offlineProvider() });
const review = createReviewHandler({
  grader,
  authorize: ({ headers }) => (headers.get('authorization') === 'Bearer amina' ? { learnerId: 'amina' } : 401),
  load: ({ cardId }) => (cardId === 'ice' ? { questions: [question] } : undefined),
  // Twice the same is once: after a lost reply the client sends its answers again.
  save: ({ results }, { learnerId = '', cardId, answers }) => {
    for (const result of results) {
      const { questionIndex = 0 } = answers[result.index] ?? {};
      if (result.status === 'graded') put.run(learnerId, cardId, questionIndex, JSON.stringify(result));
    }
  },
});

/** A teacher's word: `PUT /grades/amina/ice/0` with `{ "scoreGiven": 1 }`. A real app asks who says so. */
async function override(request: Request): Promise<Response> {
  const [, learner = '', card = '', index = ''] =
    /^\/grades\/(\w+)\/(\w+)\/(\d+)$/.exec(new URL(request.url).pathname) ?? [];
  const row = get.get(learner, card, Number(index));
  if (row === undefined) return Response.json({ success: false }, { status: 404 });
  const { scoreGiven } = (await request.json()) as { scoreGiven: number };
  const corrected = overrideGrade(JSON.parse(String(row['result'])) as GradedAnswer, { question, scoreGiven });
  put.run(learner, card, Number(index), JSON.stringify(corrected));
  return Response.json(corrected);
}

const fetch = (request: Request): Promise<Response> =>
  new URL(request.url).pathname.startsWith('/grades/') ? override(request) : review(request);
const server = serve({ fetch, hostname: '127.0.0.1', port: Number(process.argv[2] ?? 3000) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}/api/review`);
});

/** First the handler, which waits for saving and replies, then what it uses. */
async function shutDown(): Promise<void> {
  server.close();
  await review.close();
  await grader.close();
  db.close();
  console.log('all grades saved');
}
process.once('SIGTERM', () => void shutDown());
process.once('SIGINT', () => void shutDown());
