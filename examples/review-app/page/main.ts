import { defineGradingMetrics, type MetricsEvent } from 'gradelanes/elements';
import { openReviewPage, type ReviewSession } from './review-page.ts';

defineGradingMetrics();
const response = await fetch('/api/session');
// From our own server, as is what the socket says.
const session = (await response.json()) as ReviewSession;

openReviewPage(session, (listener) => {
  const socket = new WebSocket('/api/progress');
  socket.addEventListener('message', ({ data }) => listener(JSON.parse(String(data)) as MetricsEvent));
});
