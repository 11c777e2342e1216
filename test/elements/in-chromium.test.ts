import { build } from 'esbuild';
import { gradeAnswersWithFallback, type GradingReport } from 'gradelanes';
import { faultyProvider, manualClock, mockProvider } from 'gradelanes/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleAnswers } from '../sample-answers.js';
import { axeViolations, hasChromium, openChromium, strictPolicy, watchComplaints } from '../tools/chromium.js';
import { contrastsIn } from '../tools/contrasts.js';

describe.runIf(hasChromium)('<grading-metrics> in Chromium, under a strict policy', () => {
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];
  let scripts: ReadonlyMap<string, string>;
  let element: Locator;

  beforeAll(async () => {
    [browser, scripts] = await Promise.all([openChromium(), bundle()]);
    page = await browser.newPage();
    complaints = watchComplaints(page);
    await page.route('http://page.test/**', (route) => route.fulfill(respond(route.request().url(), scripts)));
    await page.goto('http://page.test/');
    element = page.locator('grading-metrics');
    // Its view is a script of its own.
    await element.locator('[part=card]').waitFor();
  }, 60_000);

  afterAll(() => browser.close());

  test('is accessible in every state and both colour schemes, and breaks no rule of the policy', async () => {
    const report = await runOnBadDay();
    const states = {
      empty: {},
      running: { progress: { completed: 2, total: 5 }, results: report.results.slice(0, 2) },
      done: report,
    };
    for (const [name, state] of Object.entries(states)) {
      await show(element, state);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const violations = await axeViolations(page);
        expect(violations, `${name}, ${colorScheme}`).toEqual([]);
        expect(await tooFaint(element), `${name}, ${colorScheme}`).toEqual([]);
      }
    }
    expect(complaints).toEqual([]);
  });

  test('gives progress, chart and groups a name for screen readers', async () => {
    await show(element, { progress: { completed: 2, total: 5 } });
    await element.getByRole('progressbar', { name: 'Graded 2 of 5' }).waitFor();
    expect(await element.getByRole('status').textContent()).toBe('Grading, 25 % done');
    await show(element, await runOnBadDay());
    await element.getByRole('region', { name: 'How the answers were graded' }).waitFor();
    await element.getByRole('list').waitFor();
    await element.getByRole('img', { name: /^When 5 answers waited and were being graded/ }).waitFor();
    expect(await element.getByRole('status').textContent()).toMatch(
      /^4 answers graded in .*, 1 not graded\. Difficulty: \d of 5/,
    );
  });

  test('opens its table by keyboard, and the table says what the chart shows', async () => {
    await show(element, await runOnBadDay());
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const rows = element.getByRole('table').getByRole('row');
    expect(await rows.count()).toBe(6);
    expect(await rows.nth(2).innerText()).toMatch(/^2\s+0 ms\s+0 ms\s+0\s+by rule$/);
    expect(await axeViolations(page)).toEqual([]);
    expect(await tooFaint(element)).toEqual([]);
  });

  test('has parts and variables for the page’s own style', async () => {
    await show(element, await runOnBadDay());
    await page.emulateMedia({ colorScheme: 'light' });
    const color = (part: string, property: string): Promise<string> =>
      element
        .locator(`[part~=${part}]`)
        .first()
        .evaluate((each, name) => getComputedStyle(each).getPropertyValue(name), property);
    expect(await color('card', 'background-color')).toBe('rgb(250, 250, 255)');
    expect(await color('headline', 'text-decoration-line')).toBe('underline');
  });

  test('stays empty while its view cannot be loaded, and shows all when it can', async () => {
    const other = await browser.newPage();
    let isDown = true;
    await other.route('http://page.test/**', (route) => {
      const url = route.request().url();
      return isDown && url.includes('view') ? route.abort() : route.fulfill(respond(url, scripts));
    });
    await other.goto('http://page.test/');
    await other.waitForFunction(() => customElements.get('grading-metrics') !== undefined);
    const metrics = other.locator('grading-metrics');
    await show(metrics, { progress: { completed: 1, total: 5 } });
    expect(await metrics.evaluate((each) => each.shadowRoot)).toBeNull();
    isDown = false;
    await other.reload();
    await show(metrics, { progress: { completed: 2, total: 5 } });
    await metrics.getByRole('progressbar', { name: 'Graded 2 of 5' }).waitFor();
    await other.close();
  });

  test('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await show(element, await runOnBadDay());
    await element.getByText('Show as a table').click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});

/** Texts below 4.5 to 1, graphics below 3 to 1. */
async function tooFaint(element: Locator): Promise<readonly string[]> {
  const graphics = '.call, .wait';
  const contrasts = await contrastsIn(element, graphics);
  expect(contrasts.length).toBeGreaterThan(0);
  const needed = (what: string): number => (/^(call|wait)/.test(what) ? 3 : 4.5);
  return contrasts
    .filter(({ what, ratio }) => ratio < needed(what))
    .map(({ what, ratio }) => `${what}: ${ratio.toFixed(2)}`);
}

function show(element: Locator, state: object): Promise<void> {
  const blank = { metrics: undefined, results: undefined, progress: undefined };
  return element.evaluate(
    (each, properties) => {
      Object.assign(each, properties);
      // After the element's own microtask.
      return Promise.resolve();
    },
    { ...blank, ...state },
  );
}

/** Overload takes answers from parallel to batch and on; one never gets through, and a rule decides another. */
async function runOnBadDay(): Promise<GradingReport> {
  const clock = manualClock();
  const inner = mockProvider(({ answer }) => (answer === 'answer 3' ? new Error('no') : 1), { delayMs: 100, clock });
  const provider = faultyProvider(inner, ['ok', 'overloaded'], { clock });
  const answers = sampleAnswers(5, (index) => (index === 1 ? { answer: '' } : {}));
  return clock.runUntil(gradeAnswersWithFallback(answers, { provider, clock, retry: false }));
}

/** The scripts of the element by their paths, split as in the build. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    ...{ entryPoints: ['src/elements.ts'], bundle: true, format: 'esm', splitting: true },
    ...{ outdir: '/', write: false },
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}

function respond(
  url: string,
  scripts: ReadonlyMap<string, string>,
): { contentType: string; headers?: Record<string, string>; body: string } {
  const { pathname } = new URL(url);
  const script = scripts.get(pathname);
  if (script !== undefined) return { contentType: 'text/javascript', body: script };
  switch (pathname) {
    case '/page.css':
      return { contentType: 'text/css', body: css };
    default:
      return { contentType: 'text/html', headers: { 'content-security-policy': strictPolicy }, body: html };
  }
}

const html = `<!doctype html><html lang="en"><title>Metrics</title><link rel="stylesheet" href="/page.css">
<script type="module" src="/elements.js"></script><main><h1>Metrics</h1><grading-metrics></grading-metrics></main></html>`;
const css = `:root { color-scheme: light dark; }
grading-metrics { --grading-metrics-radius: 0; }
grading-metrics::part(headline) { text-decoration: underline; }
@media (prefers-color-scheme: light) { grading-metrics { --grading-metrics-surface: rgb(250, 250, 255); } }`;
