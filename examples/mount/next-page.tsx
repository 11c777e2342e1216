// Next.js: this file as app/review/page.tsx, beside the route of next-route.ts. The element is loaded in the browser only, and
// one line binds it to the client.
'use client';
import { createReviewClient } from 'gradelanes/client';
import type { GradingMetricsElement } from 'gradelanes/elements';
import type * as React from 'react';
import { useEffect, useState, useSyncExternalStore, type ReactElement } from 'react';

// JSX knows no custom elements by itself: these lines are all that it takes.
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'grading-metrics': React.DetailedHTMLProps<React.HTMLAttributes<GradingMetricsElement>, GradingMetricsElement>;
    }
  }
}

const client = createReviewClient();

export default function ReviewPage(): ReactElement {
  const { status, results } = useSyncExternalStore(client.subscribe, client.getSnapshot, client.getSnapshot);
  const [answer, setAnswer] = useState('');
  useEffect(() => void import('gradelanes/elements'), []);
  const bind = (element: GradingMetricsElement | null): void => {
    if (element !== null) element.client = client;
  };
  const submit = (): void =>
    void client.submitAnswersWithProcessingMode('42', 'ice', [{ questionIndex: 0, answer }]).catch(() => {});
  const [result] = results;
  return (
    <main>
      <label>
        Why does ice float on water?
        <textarea value={answer} onChange={({ target }) => setAnswer(target.value)} />
      </label>
      <button disabled={status === 'submitting'} onClick={submit}>
        Submit
      </button>
      <p role="status">{result?.status === 'graded' ? result.feedback : result?.error.message}</p>
      <grading-metrics ref={bind} />
    </main>
  );
}
