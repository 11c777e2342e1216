import type { GraderEvaluation } from '../compare-with-people.js';
import { markup, type Markup } from './markup.js';

/** What became of the answers, and what the run cost. */
export function renderRun({ metrics, failures, reviewReasons, answerCount, gradedCount }: GraderEvaluation): Markup {
  const { usage, cost, requests, retries, localCount, totalProcessingTimeMs } = metrics;
  const costs: readonly (readonly [string, string])[] = [
    ['Graded', `${gradedCount.toLocaleString('en')} of ${answerCount.toLocaleString('en')}`],
    ['By rule, without a call', localCount.toLocaleString('en')],
    ['Calls', `${requests.toLocaleString('en')}, ${retries} of them repeats`],
    ['Time', timeText(totalProcessingTimeMs)],
    [
      'Tokens',
      usage === undefined
        ? 'none reported'
        : `${usage.inputTokens.toLocaleString('en')} in, ${usage.outputTokens.toLocaleString('en')} out`,
    ],
    ['Cost', cost === undefined ? 'not measured' : cost.toFixed(4)],
  ];
  return markup`<section class="card run" aria-labelledby="run-heading">
    <h2 id="run-heading">The run</h2>
    <div class="columns">
      <dl>${costs.map(([term, text]) => markup`<dt>${term}</dt><dd>${text}</dd>`)}</dl>
      ${bars(
        'Why grades need review',
        'None does.',
        reviewReasons.map(({ reason, count }) => [reason.replaceAll('_', ' '), count]),
        answerCount,
      )}
      ${bars(
        'Why answers have no grade',
        'All have one.',
        failures.map(({ code, count }) => [code.replaceAll('_', ' '), count]),
        answerCount,
      )}
    </div>
  </section>`;
}

function bars(heading: string, none: string, rows: readonly (readonly [string, number])[], total: number): Markup {
  const list = rows.map(
    ([label, count]) => markup`<li><span>${label}</span><b>${count}</b>
    <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="4" rx="2" /><rect class="fill" width="${((count / total) * 100).toFixed(2)}" height="4" rx="2" /></svg></li>`,
  );
  return markup`<div><h3>${heading}</h3>${rows.length === 0 ? markup`<p class="note">${none}</p>` : markup`<ul class="bars">${list}</ul>`}</div>`;
}

function timeText(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
