import { isReviewError, type ReviewClient, type ReviewedAnswer, type ReviewProgress } from 'gradelanes/client';
import type { GradingMetricsElement, MetricsEvent } from 'gradelanes/elements';
import { oneAfterTheOther } from './one-after-the-other.ts';
import type { QuestionView } from './question-view.ts';

/** What a submission needs of the page. */
export interface Submission {
  client: ReviewClient;
  sessionId: string;
  cardId: string;
  views: readonly QuestionView[];
  metrics: GradingMetricsElement;
  signal: AbortSignal;
  /** Told how far grading is. */
  onCount: (completed: number, total: number) => void;
  /** Takes the listener that hears of this submission's calls from now on. */
  listen: (listener: (event: MetricsEvent) => void) => void;
}

/**
 * Sends what has no grade yet: everything at first, later what failed or was cancelled. Shows on the way what becomes of
 * it.
 *
 * @returns What went wrong with the submission as a whole, as a sentence; else an empty text.
 */
export async function submitAllAnswers({ client, sessionId, cardId, views, ...rest }: Submission): Promise<string> {
  const { metrics, signal, listen, onCount } = rest;
  const open = [...views.entries()].filter(([, view]) => !view.isGraded);
  const answers = open.map(([questionIndex, view]) => ({ questionIndex, answer: view.read() }));
  const results: ReviewedAnswer[] = [];
  const isOneByOne = (): boolean => client.getSnapshot().mode === 'sequential';
  const timed = (list: readonly ReviewedAnswer[]) => (isOneByOne() ? oneAfterTheOther(list) : list);

  for (const [, view] of open) view.wait();
  Object.assign(metrics, { results, events: [], progress: { completed: 0, total: open.length } });
  listen((event) => {
    // Then every answer has a request of its own, with a clock of its own.
    if (!isOneByOne()) metrics.events = [...metrics.events, inQuestions(event, answers)];
  });
  try {
    const onProgress = (progress: ReviewProgress): void => {
      results.push(progress.result);
      onCount(progress.completed, progress.total);
      views[progress.result.questionIndex]?.show(progress.result);
      Object.assign(metrics, { results: timed(results), progress });
    };
    const options = { signal, onProgress };
    const outcome = await client.submitAnswersWithProcessingMode(sessionId, cardId, answers, options);
    for (const result of outcome.results) views[result.questionIndex]?.show(result);
    Object.assign(metrics, { results: timed(outcome.results), metrics: outcome.metrics, progress: undefined });
    return '';
  } catch (error) {
    for (const [, view] of open) if (!view.isGraded) view.reopen();
    metrics.progress = undefined;
    if (signal.aborted) return 'Cancelled.';
    if (isReviewError(error)) return `${error.message}.`;
    reportError(error);
    return 'Something went wrong on this page.';
  }
}

/** The run counts the answers that were sent to it, the page the card's questions. */
function inQuestions(event: MetricsEvent, answers: readonly { questionIndex: number }[]): MetricsEvent {
  if (event.type !== 'call-started') return event;
  return { ...event, indices: event.indices.map((index) => answers[index]?.questionIndex ?? index) };
}
