import { randomUUID } from 'node:crypto';
import type { GradingEvent, GradingProvider } from 'gradelanes';
import { createReviewHandler, type ReviewContext } from 'gradelanes/http';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import type { PageFile } from './build-page.ts';
import { cardForLearners } from './card-for-learners.ts';
import { badDayGrader, goodDayGrader, withListener, type ReviewGrader } from './graders.ts';
import { sessionOf } from './session-of.ts';
import { waterCard } from './water-card.ts';

/** What the app is made of. */
export interface ReviewAppOptions {
  page: ReadonlyMap<string, PageFile>;
  /** Grades in place of the offline grader. */
  model?: GradingProvider | undefined;
  /** What happens in the runs of a learner. */
  onEvent: (learnerId: string, event: GradingEvent) => void;
}

/**
 * The review app as a fetch handler: the page, its card, and the review routes twice, under `/api/review` for good days
 * and under `/bad-day/review` for bad ones.
 */
export function createApp({ page, model, onEvent }: ReviewAppOptions): Hono {
  const app = new Hono();
  const routesFor = (basePath: string, grader: ReviewGrader) =>
    createReviewHandler({ basePath, grader: withListener(grader, onEvent), load, authorize });
  const goodDay = routesFor('/api/review', goodDayGrader(model));
  const badDay = routesFor('/bad-day/review', badDayGrader(model));

  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'self'"], requireTrustedTypesFor: ["'script'"] },
      strictTransportSecurity: false,
    }),
  );
  app.all('/api/review/*', (context) => goodDay(context.req.raw));
  app.all('/bad-day/review/*', (context) => badDay(context.req.raw));
  app.get('/api/session', (context) => {
    const sessionId = getCookie(context, 'session') ?? randomUUID();
    setCookie(context, 'session', sessionId, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return context.json({ sessionId, card: cardForLearners(waterCard) });
  });
  app.get('*', (context) => {
    const file = page.get(context.req.path);
    return file === undefined ? context.notFound() : context.body(file.content, 200, { 'content-type': file.type });
  });
  return app;
}

function load({ cardId }: ReviewContext) {
  return cardId === waterCard.id ? waterCard : undefined;
}

/** A session belongs to whoever has its cookie. */
function authorize({ headers, sessionId }: ReviewContext) {
  return sessionOf(headers.get('cookie') ?? undefined) === sessionId ? { learnerId: sessionId } : 403;
}
