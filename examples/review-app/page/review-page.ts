import { createReviewClient, type ReviewedAnswer, type ReviewClient } from 'gradelanes/client';
import type { MetricsEvent } from 'gradelanes/elements';
import type { LearnersCard } from '../card-for-learners.ts';
import { createActionBar } from './action-bar.ts';
import { create } from './create.ts';
import { oneAfterTheOther } from './one-after-the-other.ts';
import { createQuestionView, type QuestionView } from './question-view.ts';
import { createSettings, createThemes } from './settings.ts';

/** Whose review of which card. */
export interface ReviewSession {
  sessionId: string;
  card: LearnersCard;
}

/** Tells of the calls of this learner's run, while it goes on. */
export type ListenToCalls = (listener: (event: MetricsEvent) => void) => void;

/** Fills the page, and connects what the learner does with the review client. */
export function openReviewPage({ sessionId, card }: ReviewSession, listenToCalls: ListenToCalls): void {
  const goodDay = createReviewClient({ baseUrl: '/api/review' });
  const badDay = createReviewClient({ baseUrl: '/bad-day/review' });
  const clients: readonly ReviewClient[] = [goodDay, badDay];
  let client = goodDay;
  let abort = new AbortController();
  let hear: (event: MetricsEvent) => void = () => {};

  const metrics = document.createElement('grading-metrics');
  const views = card.questions.map(createQuestionView);
  const bar = createActionBar({
    submit: () => void submitAllAnswers(),
    cancel: () => abort.abort(),
    finish: () => bar.show(summaryOf(views), ['again']),
    again: () => location.reload(),
    samples: () => {
      for (const [index, view] of views.entries()) view.fill(card.samples[index] ?? '');
    },
  });
  const settings = createSettings({
    onMode: (mode) => clients.forEach((each) => each.setProcessingMode(mode)),
    onConcurrency: (count) => clients.forEach((each) => each.setConcurrencyLimit(count)),
    onBadDay: (isBadDay) => {
      client = isBadDay ? badDay : goodDay;
    },
  });

  /** Sends what has no grade yet: everything at first, later what failed or was cancelled. */
  async function submitAllAnswers(): Promise<void> {
    abort = new AbortController();
    const open = [...views.entries()].filter(([, view]) => !view.isGraded);
    const results: ReviewedAnswer[] = [];
    const events: MetricsEvent[] = [];
    for (const [, view] of open) view.wait();
    Object.assign(metrics, { results, events, progress: { completed: 0, total: open.length } });
    bar.show('Grading', ['cancel']);
    const isOneByOne = (): boolean => client.getSnapshot().mode === 'sequential';
    const timed = (list: readonly ReviewedAnswer[]) => (isOneByOne() ? oneAfterTheOther(list) : list);
    // The run counts what was sent to it, the page the card's questions.
    hear = (event) => {
      if (isOneByOne()) return;
      const { type } = event;
      const indexOf = (sent: number): number => open[sent]?.[0] ?? sent;
      events.push(type === 'call-started' ? { ...event, indices: event.indices.map(indexOf) } : event);
      metrics.events = events;
    };
    try {
      const answers = open.map(([questionIndex, view]) => ({ questionIndex, answer: view.read() }));
      const outcome = await client.submitAnswersWithProcessingMode(sessionId, card.id, answers, {
        signal: abort.signal,
        onProgress: (progress) => {
          results.push(progress.result);
          views[progress.result.questionIndex]?.show(progress.result);
          Object.assign(metrics, { results: timed(results), progress });
        },
      });
      for (const result of outcome.results) views[result.questionIndex]?.show(result);
      Object.assign(metrics, { results: timed(outcome.results), metrics: outcome.metrics });
      showOutcome(open.length);
    } catch (error) {
      for (const [, view] of open) if (!view.isGraded) view.reopen();
      metrics.progress = undefined;
      showOutcome(open.length, abort.signal.aborted ? 'Cancelled.' : sentenceOf(error));
    }
  }

  function showOutcome(sentCount: number, what = ''): void {
    const openCount = views.filter((view) => !view.isGraded).length;
    if (openCount === 0) {
      bar.show('All graded. Rate how well you knew each answer.', ['finish']);
      return;
    }
    const message = `${what} ${sentCount - openCount} of ${sentCount} answers graded.`.trim();
    bar.show(message, ['submit'], `Retry ${openCount} ${openCount === 1 ? 'answer' : 'answers'}`);
  }

  listenToCalls((event) => hear(event));
  document
    .querySelector('header')
    ?.append(
      create('div', {}, [create('h1', {}, [card.title]), create('p', {}, [`${views.length} questions to review`])]),
      createThemes(),
    );
  document
    .querySelector('main')
    ?.append(
      create('div', { class: 'questions' }, [...views.map(({ element }) => element), bar.element]),
      create('aside', { 'aria-label': 'Grading' }, [settings, metrics]),
    );
  bar.show('Blanks are fine.', ['submit', 'samples']);
}

function summaryOf(views: readonly QuestionView[]): string {
  const names = ['Again', 'Hard', 'Good', 'Easy'];
  const counts = names.map((name, index) => [name, views.filter((view) => view.rating() === String(index + 1)).length]);
  const given = counts.filter(([, count]) => count !== 0).map(([name, count]) => `${count} ${name}`);
  return `Card done: ${given.join(', ')}.`;
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : 'The answers could not be sent.';
}
