import { createReviewClient, type ReviewClient } from 'gradelanes/client';
import type { MetricsEvent } from 'gradelanes/elements';
import type { LearnersCard } from '../card-for-learners.ts';
import { createActionBar, type ActionBar } from './action-bar.ts';
import { create } from './create.ts';
import { createQuestionView, type QuestionView } from './question-view.ts';
import { createSettings, createThemes } from './settings.ts';
import { submitAllAnswers } from './submit-all-answers.ts';

/** Whose review of which card. */
export interface ReviewSession {
  sessionId: string;
  card: LearnersCard;
}

/** Fills the page, and connects what the learner does with the review client. */
export function openReviewPage(
  { sessionId, card }: ReviewSession,
  listenToCalls: (listener: (event: MetricsEvent) => void) => void,
): void {
  const goodDay = createReviewClient({ baseUrl: '/api/review' });
  const badDay = createReviewClient({ baseUrl: '/bad-day/review' });
  let client = goodDay;
  let abort = new AbortController();
  let onCall: (event: MetricsEvent) => void = () => {};
  listenToCalls((event) => onCall(event));

  const metrics = document.createElement('grading-metrics');
  const views = card.questions.map(createQuestionView);
  const submit = async (): Promise<void> => {
    abort = new AbortController();
    bar.show('Grading', ['cancel']);
    const listen = (listener: typeof onCall): void => void (onCall = listener);
    const onCount = (completed: number, total: number): void => bar.count(`${completed} of ${total}`);
    const page = { client, sessionId, cardId: card.id, views, metrics, signal: abort.signal, listen, onCount };
    showOutcome(bar, views, await submitAllAnswers(page));
  };
  const bar: ActionBar = createActionBar({
    submit: () => void submit(),
    cancel: () => abort.abort(),
    finish: () => bar.show(summaryOf(views), ['again']),
    again: () => location.reload(),
    samples: () => views.forEach((view, index) => view.fill(card.samples[index] ?? '')),
  });
  const settings = createSettingsFor([goodDay, badDay], (isBadDay) => {
    client = isBadDay ? badDay : goodDay;
  });

  const questionCount = create('p', {}, [`${views.length} questions to review`]);
  document.querySelector('header')?.append(create('div', {}, [create('h1', {}, [card.title]), questionCount]));
  document.querySelector('header')?.append(createThemes());
  const questions = create('div', { class: 'questions' }, [...views.map(({ element }) => element), bar.element]);
  const aside = create('aside', { 'aria-label': 'Grading' }, [settings, metrics]);
  document.querySelector('main')?.append(questions, aside);
  bar.show('Blanks are fine.', ['submit', 'samples']);
}

function createSettingsFor(clients: readonly ReviewClient[], onBadDay: (isBadDay: boolean) => void): HTMLElement {
  return createSettings({
    onMode: (mode) => clients.forEach((each) => each.setProcessingMode(mode)),
    onConcurrency: (count) => clients.forEach((each) => each.setConcurrencyLimit(count)),
    onBadDay,
  });
}

/** @param problem What went wrong with the submission as a whole, if anything did. */
function showOutcome(bar: ActionBar, views: readonly QuestionView[], problem: string): void {
  const openCount = views.filter((view) => !view.isGraded).length;
  if (openCount === 0) {
    bar.show('All graded. Rate how well you knew each answer.', ['finish']);
    return;
  }
  const message = `${problem} ${views.length - openCount} of ${views.length} answers graded.`.trim();
  bar.show(message, ['submit'], `Retry ${openCount} ${openCount === 1 ? 'answer' : 'answers'}`);
  bar.warn(problem !== 'Cancelled.');
}

function summaryOf(views: readonly QuestionView[]): string {
  const names = ['Again', 'Hard', 'Good', 'Easy'];
  const counts = names.map((name, index) => [name, views.filter((view) => view.rating() === String(index + 1)).length]);
  const given = counts.filter(([, count]) => count !== 0).map(([name, count]) => `${count} ${name}`);
  return `Card done: ${given.join(', ')}.`;
}
