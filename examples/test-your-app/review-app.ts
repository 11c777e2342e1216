// A review app, small but whole: a learner answers the questions of a card and learns when to see it again. It takes
// its provider and its store from outside, as everything must that tests want to replace.
import {
  createGrader,
  type AnswerToGrade,
  type FailedAnswer,
  type GradingOptions,
  type GradingReport,
  type GradingResult,
  type Question,
} from 'gradelanes';

/** What a learner reviews. */
export interface Card {
  material: string;
  questions: readonly Question[];
}

/** What the app keeps of a review. */
export interface Review {
  cardId: string;
  answers: readonly AnswerToGrade[];
  report: GradingReport;
  /** When the card is due again, as an ISO date; `undefined` if that is not known, because some answer is ungraded. */
  dueAt: string | undefined;
}

/** What the app needs from outside. */
export interface ReviewAppOptions {
  cards: ReadonlyMap<string, Card>;
  save: (review: Review) => void | Promise<void>;
  /** Who grades; a test may bring a clock and a listener, too. */
  grading: GradingOptions;
}

/** By FSRS rating: Again, Hard, Good, Easy. */
const DAYS_UNTIL_REVIEW = { 1: 0, 2: 1, 3: 4, 4: 9 } as const;
const DAY_MS = 86_400_000;
const SHORTEST_WAIT_MS = 30_000;

/** Makes the endpoint `POST /cards/:id/review`, which takes `{"answers": ["...", ...]}`, one per question. */
export function createReviewApp({ cards, save, grading }: ReviewAppOptions): (request: Request) => Promise<Response> {
  const grader = createGrader({ deadlineMs: 20_000, ...grading });
  const now = (): number => grading.clock?.date() ?? Date.now();

  return async (request) => {
    const [, cardId = ''] = /^\/cards\/([\w-]+)\/review$/.exec(new URL(request.url).pathname) ?? [];
    const card = cards.get(cardId);
    if (card === undefined) return problem(404, 'There is no such card.');
    const texts = await readAnswers(request);
    if (texts?.length !== card.questions.length) return problem(400, 'Every question needs an answer.');

    const answers = card.questions.map((question, index) => ({ question, answer: texts[index] ?? '' }));
    const report = await grader.gradeAnswersWithFallback(answers, { context: card.material });
    const dueAt = whenDue(report.results, now());
    await save({ cardId, answers, report, dueAt });
    return respond(report.results, dueAt, now());
  };
}

async function readAnswers(request: Request): Promise<readonly string[] | undefined> {
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null || !('answers' in body) || !Array.isArray(body.answers)) {
    return undefined;
  }
  const answers: readonly unknown[] = body.answers;
  return answers.every((answer) => typeof answer === 'string') ? answers : undefined;
}

/** The weakest answer decides. An answer without a grade decides nothing: neither "again" nor "later" would be fair. */
function whenDue(results: readonly GradingResult[], nowMs: number): string | undefined {
  const ratings = results.flatMap((result) => (result.status === 'graded' ? [result.suggestedRating] : []));
  if (ratings.length < results.length) return undefined;
  const days = ratings.map((rating) => DAYS_UNTIL_REVIEW[rating]);
  return new Date(nowMs + Math.min(...days) * DAY_MS).toISOString();
}

function respond(results: readonly GradingResult[], dueAt: string | undefined, nowMs: number): Response {
  const answers = results.map(toVerdict);
  const failures = results.filter((result) => result.status === 'failed');
  if (failures.length === 0) return Response.json({ answers, dueAt });
  const seconds = secondsToWait(failures, nowMs);
  const message = `${failures.length} of ${results.length} answers could not be graded. Please come back in ${seconds} seconds.`;
  const status = failures.length === results.length ? 503 : 200;
  return Response.json({ answers, message }, { status, headers: { 'retry-after': String(seconds) } });
}

function toVerdict(result: GradingResult): { verdict: 'right' | 'wrong' | 'not graded yet'; feedback?: string } {
  if (result.status === 'failed') return { verdict: 'not graded yet' };
  const { isCorrect, feedback } = result;
  return { verdict: isCorrect ? 'right' : 'wrong', ...(feedback !== undefined && { feedback }) };
}

/** As long as the provider asked for, where it did. */
function secondsToWait(failures: readonly FailedAnswer[], nowMs: number): number {
  const waits = failures.flatMap(({ error }) =>
    error.retryAt === undefined ? [] : [Date.parse(error.retryAt) - nowMs],
  );
  return Math.ceil(Math.max(SHORTEST_WAIT_MS, ...waits) / 1_000);
}

function problem(status: number, message: string): Response {
  return Response.json({ message }, { status });
}
