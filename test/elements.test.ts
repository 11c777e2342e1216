import { Window } from 'happy-dom';
import { createReviewClient } from 'gradelanes/client';
import { gradeAnswersWithFallback, type GradingReport } from 'gradelanes';
import { faultyProvider, manualClock, mockProvider } from 'gradelanes/testing';
import type { GradingMetricsElement as Element } from 'gradelanes/elements';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { toWireMetrics, toWireResult } from '../src/wire/translate.js';
import { reviewHandler } from './http/review-requests.js';
import { sampleAnswers } from './sample-answers.js';

// A document beside the engine, which keeps the globals of Node.
const window = new Window();
for (const name of ['CSSStyleSheet', 'HTMLElement', 'customElements', 'document'] as const) {
  vi.stubGlobal(name, window[name]);
}
// Another file may have loaded it without a document.
vi.resetModules();
const { defineGradingMetrics, GradingMetricsElement, labelsIn } = await import('gradelanes/elements');

let element: Element;

afterAll(() => window.happyDOM.close());

beforeEach(() => {
  element = document.createElement('grading-metrics');
  document.body.replaceChildren(element);
});

describe('defineGradingMetrics', () => {
  test('has run on import, and does nothing a second time', () => {
    defineGradingMetrics();
    expect(element).toBeInstanceOf(GradingMetricsElement);
  });

  test('takes further names', async () => {
    defineGradingMetrics('review-metrics');
    document.body.innerHTML = '<review-metrics></review-metrics>';
    await rendered();
    expect(document.querySelector('review-metrics')).toBeInstanceOf(GradingMetricsElement);
    expect(document.querySelector('review-metrics')?.shadowRoot?.textContent).toContain('Nothing graded yet');
  });
});

describe('<grading-metrics>', () => {
  test('shows what is set after its first time within the same turn', async () => {
    await rendered();
    element.progress = { completed: 1, total: 2 };
    await Promise.resolve();
    expect(visibleText()).toBe('Graded 1 of 2');
  });

  test('says that nothing was graded yet', async () => {
    await rendered();
    expect(visibleText()).toBe('Nothing graded yet');
    expect(inside('progress').hidden).toBe(true);
  });

  test('shows how far a run is, and tells screen readers every quarter', async () => {
    const announced = new Set<string>();
    for (let completed = 0; completed <= 8; completed++) {
      element.progress = { completed, total: 8 };
      await rendered();
      announced.add(inside('.status').textContent ?? '');
    }
    expect(visibleText()).toBe('Graded 8 of 8');
    const { hidden, value, max } = inside('progress');
    expect({ hidden, value, max }).toEqual({ hidden: false, value: 8, max: 8 });
    expect([...announced]).toEqual([0, 25, 50, 75, 100].map((share) => `Grading, ${share} % done`));
  });

  test('shows progress without an end where the number of answers is not known', async () => {
    element.progress = { completed: 1 };
    await rendered();
    expect(visibleText()).toBe('1 answer graded so far');
    expect(inside('progress').hasAttribute('value')).toBe(false);
    expect(inside('.status').textContent).toBe('Grading, 0 % done');
  });

  test('shows the mode, every fallback and its reason, the comparison, figures and a row per answer', async () => {
    const { metrics, results } = await runOnBadDay();
    Object.assign(element, { metrics, results });
    await rendered();
    expect(inside('.headline').textContent).toBe('3 answers graded in 400 ms, 1 not graded');
    expect(inside('.mode.fallback').textContent).toBe('One after another, after difficulties');
    const fallbacks = metrics.fallbacks.map(({ reason }) => `⚠Difficulty: ${reason}`);
    expect(fallbacks).toHaveLength(2);
    expect(textsOf('.fallbacks li')).toEqual(fallbacks);
    expect(inside('.comparison p').textContent).toContain('Failed ones are left out');
    expect(textsOf('dt')).toEqual(['Without AI', 'Requests', 'At the same time', 'Time per request']);
    expect(textsOf('[role=img] .row > :last-child')).toEqual(['100 ms', 'by rule', '200 ms ×3', '✕ not graded']);
    expect(textsOf('tbody tr:last-child')).toEqual([expect.stringMatching(/^4.*3not graded: unknown$/)]);
    expect(inside('.status').textContent).toBe(
      [inside('.headline').textContent, ...fallbacks.map((each) => each.slice(1))].join('. '),
    );
  });

  test('shows the same for metrics and results from the wire', async () => {
    const { metrics, results } = await runOnBadDay();
    Object.assign(element, { metrics, results });
    await rendered();
    const shown = visibleText();
    element.metrics = toWireMetrics(metrics);
    element.results = results.map((result) => toWireResult(result, result.index));
    await rendered();
    expect(visibleText()).toBe(shown);
    expect(element.metrics).toEqual(JSON.parse(JSON.stringify(metrics)));
  });

  test('does with what an older server measures', async () => {
    // The element must not trust what came over the network to be complete.
    element.metrics = JSON.parse(
      '{"total_processing_time_ms":150,"processing_mode_used":"batch","fallback_reason":null}',
    );
    element.results = JSON.parse('[{"question_index":0,"is_correct":true}]');
    await rendered();
    expect(visibleText()).toContain('0 answers graded in 150 ms');
    expect(inside('.comparison').childElementCount).toBe(0);
    expect(visibleText()).not.toMatch(/NaN|undefined|null/);
  });

  test('shows text from elsewhere as text', async () => {
    const { metrics } = await runOnBadDay();
    const reason = '<img src=x onerror=alert(1)>';
    element.metrics = { ...metrics, fallbacks: [], fallbackReason: reason };
    await rendered();
    expect(inside('.fallbacks').textContent).toContain(reason);
    expect(element.shadowRoot?.querySelector('img')).toBeNull();
  });

  test('shows calls and fallbacks while they happen, where a server tells of them', async () => {
    element.progress = { completed: 0, total: 2 };
    element.events = [
      { type: 'call-started', atMs: 0, callId: 'a', indices: [0] },
      { type: 'call-ended', atMs: 30, callId: 'a', outcome: 'overloaded' },
      { type: 'fallback-taken', atMs: 30, step: { reason: '1 answer went from parallel to batch' } },
      { type: 'call-started', atMs: 40, callId: 'b', indices: [0, 1] },
      { type: 'call-started', atMs: 100, callId: 'c', indices: [2] },
    ];
    await rendered();
    expect(textsOf('.fallbacks li')).toEqual(['⚠Difficulty: 1 answer went from parallel to batch']);
    expect(inside('.status').textContent).toBe('Grading, 0 % done. Difficulty: 1 answer went from parallel to batch');
    const bars = [...(element.shadowRoot?.querySelectorAll<HTMLElement>('.row:first-child .call') ?? [])];
    expect(bars.map(({ className, style }) => `${className} ${style.left} ${style.width}`)).toEqual([
      'call failed 0% 30%',
      'call 40% 60%',
    ]);
    expect(textsOf('tbody tr:first-child')).toEqual(['110 ms90 ms2not yet graded']);
  });

  test('takes up properties that were set before it was defined', async () => {
    const early = document.createElement('early-metrics');
    Object.assign(early, { progress: { completed: 2, total: 5 } });
    document.body.append(early);
    defineGradingMetrics('early-metrics');
    customElements.upgrade(early);
    await rendered();
    expect(early.shadowRoot?.textContent).toContain('Graded 2 of 5');
  });

  test('goes back from metrics to progress and to nothing, and keeps an open table open', async () => {
    const { metrics, results } = await runOnBadDay();
    Object.assign(element, { metrics, results });
    await rendered();
    inside('details').open = true;
    element.progress = { completed: 0, total: 4 };
    expect(element.metrics).toBeUndefined();
    await rendered();
    expect(inside('.headline').textContent).toBe('Graded 0 of 4');
    expect(inside('details').open).toBe(true);
    element.progress = undefined;
    await rendered();
    expect(inside('.headline').textContent).toBe('3 answers graded, 1 not graded');
    Object.assign(element, { metrics: null, results: null, events: null, progress: null });
    await rendered();
    expect(visibleText()).toBe('Nothing graded yet');
  });

  test('draws many answers as thin rows', async () => {
    const clock = manualClock();
    const run = gradeAnswersWithFallback(sampleAnswers(60), {
      provider: mockProvider(1, { delayMs: 10, clock }),
      clock,
    });
    element.results = (await clock.runUntil(run)).results;
    await rendered();
    expect(inside('[role=img]').className).toContain('dense');
    expect(inside('[role=img]').getAttribute('aria-label')).toMatch(
      /^When 60 answers waited and were being graded, over 120 ms/,
    );
  });
});

/** Overload takes one answer from parallel to batch and on; another never gets through, and a rule decides a third. */
describe('words', () => {
  test('are those of the nearest language, and can be replaced one by one', async () => {
    const section = document.createElement('section');
    section.lang = 'de-CH';
    section.append(element);
    document.body.replaceChildren(section);
    await rendered();
    expect(visibleText()).toBe('Noch nichts bewertet');
    element.labels = { nothing: 'Los geht’s' };
    await rendered();
    expect(visibleText()).toBe('Los geht’s');
  });

  test('of a language can be had, English where there are none', async () => {
    expect(await labelsIn('DE-at')).toMatchObject({ locale: 'de', right: 'Richtig' });
    for (const language of ['en', 'fr', '', 'constructor']) expect(labelsIn(language)).toMatchObject({ locale: 'en' });
  });

  test('are English where the page is in another language', async () => {
    document.body.lang = 'constructor';
    element.labels = null;
    await rendered();
    expect(visibleText()).toBe('Nothing graded yet');
    document.body.lang = '';
  });
});

describe('a client', () => {
  test('binds the element to its submissions, as long as that is on the page', async () => {
    const provider = mockProvider(1);
    const handler = reviewHandler({ provider });
    const fetch = (url: string, init: RequestInit): Promise<Response> =>
      handler(new Request(`http://localhost${url}`, init));
    const client = createReviewClient({ fetch });
    element.client = client;
    await rendered();
    expect(visibleText()).toBe('Nothing graded yet');
    const answers = [0, 1, 2].map((questionIndex) => ({ questionIndex, answer: `answer ${questionIndex}` }));
    await client.submitParallelAnswers('42', '7', answers);
    await rendered();
    expect(inside('.headline').textContent).toMatch(/^3 answers graded in/);
    expect(element.events.length).toBe(6);
    element.remove();
    await client.submitParallelAnswers('42', '8', answers);
    await rendered();
    document.body.append(element);
    await rendered();
    expect(element.client).toBe(client);
    element.client = null;
  });
});

describe('odd values', () => {
  test.each([
    ['a result without an error', { results: [{ status: 'failed', index: 0 }] }],
    ['a mode that is a number', { metrics: { processingModeUsed: 7 } }],
    ['a mode of Object', { metrics: { processingModeUsed: 'constructor' } }],
    ['endless progress', { progress: { completed: Infinity, total: Infinity } }],
  ])('such as %s are shown', async (_name, state) => {
    Object.assign(element, state);
    await rendered();
    expect(inside('.headline').textContent).not.toBe('');
    expect(visibleText()).not.toContain('native code');
  });

  test('such as 150,000 results are counted, and 500 of them drawn', async () => {
    const { results } = await runOnBadDay();
    element.results = Array.from({ length: 150_000 }, (_, index) => ({ ...results[0], index })) as typeof results;
    await rendered();
    expect(element.shadowRoot?.querySelectorAll('[role=img] .row').length).toBe(500);
    expect(element.shadowRoot?.textContent).toContain('149500 more are not drawn');
  });
});

describe('<graded-answer>', () => {
  const graded = {
    ...{ status: 'graded', index: 0, scoreGiven: 1.154557, scoreMaximum: 2, scaledScore: 0.577279, isCorrect: true },
    ...{ suggestedRating: 2, gradedBy: 'llm', fromCache: false, needsReview: true, reviewReasons: [] },
    ...{ attempts: 1, durationMs: 1, queuedMs: 0, feedback: 'Say <b>why</b>.' },
    criteria: [
      { id: 'density', scoreGiven: 1, scoreMaximum: 1, evidence: [{ start: 3, end: 13 }] },
      {
        id: 'reason',
        scoreGiven: 0.154557,
        scoreMaximum: 1,
        evidence: [
          { start: 8, end: 99 },
          { start: -5, end: NaN },
        ],
      },
    ],
  } as const;

  test('shows marks, words that earned them, feedback, and that a person will look', async () => {
    const shown = document.createElement('graded-answer');
    document.body.replaceChildren(shown);
    Object.assign(shown, { result: graded, answer: 'It is less dense.' });
    await rendered();
    const text = (query: string): string[] =>
      [...(shown.shadowRoot?.querySelectorAll(query) ?? [])].map((each) => each.textContent ?? '');
    expect(text('[part=verdict]')).toEqual(['Partly right1.15 of 2 points']);
    expect(text('[part=answer]')).toEqual(['It is less dense.']);
    expect(text('mark')).toEqual(['is less de', 'nse.']);
    expect(text('dd')).toEqual(['1 of 1 points', '0.15 of 1 points']);
    expect(text('[part=feedback]')).toEqual(['Say <b>why</b>.']);
    expect(text('[part=note]')).toEqual(['A teacher will look at this grade.']);
    expect(text('b')).toEqual([]);
  });

  test('shows why there is no grade, and takes results from the wire', async () => {
    const shown = document.createElement('graded-answer');
    document.body.replaceChildren(shown);
    await rendered();
    expect(shown.shadowRoot?.textContent).toBe('');
    const error = { code: 'overloaded', message: 'the grading service is overloaded', retryable: true };
    shown.result = { status: 'failed', question_index: 0, error } as unknown as typeof shown.result & null;
    await rendered();
    expect(shown.shadowRoot?.textContent).toBe('✕ not gradedthe grading service is overloaded');
    expect(shown.answer).toBe('');
  });
});

async function runOnBadDay(): Promise<GradingReport> {
  const clock = manualClock();
  const inner = mockProvider(({ answer }) => (answer === 'answer 3' ? new Error('no') : 1), { delayMs: 100, clock });
  const provider = faultyProvider(inner, ['ok', 'overloaded'], { clock });
  const answers = sampleAnswers(4, (index) => (index === 1 ? { answer: '' } : {}));
  return clock.runUntil(gradeAnswersWithFallback(answers, { provider, clock, retry: false }));
}

/** The element renders once for all properties that are set together; the first loads the view. */
async function rendered(): Promise<void> {
  await Promise.resolve();
  await vi.dynamicImportSettled();
}

function inside<Tag extends keyof HTMLElementTagNameMap>(selector: Tag): HTMLElementTagNameMap[Tag];
function inside(selector: string): HTMLElement;
function inside(selector: string): HTMLElement {
  const found = element.shadowRoot?.querySelector<HTMLElement>(selector);
  if (found === null || found === undefined) throw new Error(`nothing matches ${selector}`);
  return found;
}

function textsOf(selector: string): string[] {
  return [...(element.shadowRoot?.querySelectorAll(selector) ?? [])].map((each) => each.textContent ?? '');
}

function visibleText(): string {
  const shown = [
    ...(element.shadowRoot?.querySelectorAll('.head, .fallbacks, .comparison, .figures, [role=img]') ?? []),
  ];
  return shown.map((each) => each.textContent).join('');
}
