import { gradeAnswersWithFallback, type GradingProvider } from 'gradelanes';
import { mockProvider, type MockProvider } from 'gradelanes/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startServer, type ReviewServer } from '../../../examples/review-app/start-server.js';
import { waterCard } from '../../../examples/review-app/water-card.js';
import { toWireMetrics, toWireResult } from '../../../src/wire/translate.js';
import { axeViolations, hasChromium, openChromium, watchComplaints } from '../../tools/chromium.js';
import { contrastsIn } from '../../tools/contrasts.js';

const questionCount = waterCard.questions.length;
/** The others are decided by rule. */
const forTheModel = waterCard.questions.filter(({ kind }) => kind === undefined).length;

describe.runIf(hasChromium)('the review app in Chromium', () => {
  let browser: Browser;
  let server: ReviewServer;
  let model: MockProvider;
  let page: Page;
  let complaints: string[];
  /** Calls of the model that wait to be let go. */
  let held: (() => void)[];
  let isHolding: boolean;

  beforeAll(async () => {
    const asTheTestSays: GradingProvider = { name: 'model', grade: (items, call) => model.grade(items, call) };
    [browser, server] = await Promise.all([openChromium(), startServer(0, asTheTestSays)]);
    page = await browser.newPage({ viewport: { width: 1_200, height: 900 } });
    complaints = watchComplaints(page);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    held = [];
    isHolding = false;
    model = mockProvider(async () => {
      if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
      return { score: 0.9, feedback: 'Well said.' };
    });
    await page.goto(server.url);
    await button('Fill in sample answers').click();
  }, 60_000);

  afterEach(async () => {
    await page.unrouteAll();
    expect(complaints.splice(0)).toEqual([]);
  });

  test('sends answers, shows live how far they are, and then grades, feedback and ratings', async () => {
    isHolding = true;
    await expectAccessible('before');
    await button('Submit answers').click();
    await expectProgress(questionCount - forTheModel);
    await expectAccessible('while grading');
    expect(await question(1).innerText()).toContain('Waiting for a grade');
    expect(await question(2).innerText()).toContain('Right');
    await expect.poll(() => held.length).toBe(forTheModel);
    held.shift()?.();
    await expectProgress(questionCount - forTheModel + 1);
    for (const letGo of held) letGo();
    await button('Finish card').waitFor();
    expect(await question(1).innerText()).toMatch(/Right\s*1.8 of 2\s+Well said\./);
    await expectAccessible('graded');
    expect(await metrics().innerText()).toMatch(/8 answers graded in .*Several at once/s);

    const good = question(1).getByRole('radio', { name: 'Good suggested' });
    expect(await good.isChecked()).toBe(true);
    await question(1).getByRole('radio', { name: 'Easy' }).check();
    await button('Finish card').click();
    await page.getByText(/^Card done: .*1 Easy/).waitFor();
  });

  test('shows fallbacks as they are taken on a bad day, never an outage as a wrong answer, and tries again', async () => {
    await page.getByRole('switch', { name: 'Bad day' }).check();
    await button('Submit answers').click();
    await metrics().getByText('Difficulty: 3 went from parallel to batch: overloaded', { exact: true }).waitFor();
    expect(await metrics().getByRole('progressbar').isVisible()).toBe(true);
    await button('Retry 1 answer').waitFor();
    expect(await metrics().innerText()).toMatch(
      /7 answers graded in .*, 1 not graded\s+One after another, after difficulties/,
    );
    expect(await metrics().getByRole('list').getByRole('listitem').count()).toBe(2);
    const failed = page.getByRole('article').filter({ hasText: 'Not graded' });
    expect(await failed.count()).toBe(1);
    expect(await failed.innerText()).not.toMatch(/Not yet|Again/);
    await expectAccessible('partly failed');

    await button('Retry 1 answer').click();
    await button('Finish card').waitFor();
    expect(await metrics().innerText()).toContain('1 answer graded');
    expect(model.answersSeen.length).toBe(forTheModel);
  });

  test('cancels on the server too, keeps what is graded, and later sends only the rest', async () => {
    isHolding = true;
    await button('Submit answers').click();
    await expect.poll(() => held.length).toBe(forTheModel);
    held.shift()?.();
    await expectProgress(questionCount - forTheModel + 1);
    await button('Cancel').click();
    await button(`Retry ${forTheModel - 1} answers`).waitFor();
    await expect.poll(() => model.calls.filter(({ endedAt }) => endedAt === undefined).length).toBe(0);
    await page.getByText(`Cancelled. ${questionCount - forTheModel + 1} of ${questionCount} answers graded.`).waitFor();
    expect(await metrics().innerText()).toContain(`${questionCount - forTheModel + 1} answers graded`);
    await expectAccessible('cancelled');
    isHolding = false;
    await button(`Retry ${forTheModel - 1} answers`).click();
    await button('Finish card').waitFor();
    expect(model.calls.length).toBe(2 * forTheModel - 1);
  });

  test('says that the server cannot be reached, and tries again', async () => {
    await page.route('**/api/review/**', (route) => route.abort());
    await button('Submit answers').click();
    await button(`Retry ${questionCount} answers`).waitFor();
    await page.unroute('**/api/review/**');
    await button(`Retry ${questionCount} answers`).click();
    await button('Finish card').waitFor();
    // The browser itself notes every request that failed.
    expect(complaints.splice(0).filter((each) => !each.includes('ERR_FAILED'))).toEqual([]);
  });

  test('takes mode and concurrency from the settings', async () => {
    await page.getByRole('radio', { name: 'Batch' }).check();
    await page.getByRole('slider', { name: 'Calls at once, at most' }).fill('2');
    await button('Submit answers').click();
    await button('Finish card').waitFor();
    expect(model.calls.map(({ items }) => items.length)).toEqual([forTheModel]);
    expect(await metrics().innerText()).toContain('In groups');
  });

  test('works by keyboard alone', async () => {
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.getByRole('radio', { name: 'System' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { name: 'Light' }).isChecked()).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Ice is lighter.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    expect(await question(2).getByRole('radio', { name: '25 °C' }).isChecked()).toBe(true);
    for (let presses = 0; presses < 30 && (await focused()) !== 'Submit answers'; presses++) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await button('Finish card').waitFor();
    // The focus was on a button that is gone.
    expect(await focused()).toBe('Finish card');
    await question(1).getByRole('radio', { name: 'Good suggested' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await question(1).getByRole('radio', { name: 'Easy' }).isChecked()).toBe(true);
    expect(model.answersSeen).toContain('Ice is lighter.');
  });

  test('changes its colours with the setting, the metrics along with the page', async () => {
    const surfaces = (): Promise<string[]> =>
      page.evaluate(() => {
        const card = document.querySelector('grading-metrics')?.shadowRoot?.querySelector('.card');
        return [document.querySelector('.panel'), card].map((each) =>
          each ? getComputedStyle(each).backgroundColor : '',
        );
      });
    await page.getByRole('radio', { name: 'Dark' }).check();
    expect(await surfaces()).toEqual(['rgb(24, 33, 42)', 'rgb(24, 33, 42)']);
    await page.getByRole('radio', { name: 'Light' }).check();
    expect(await surfaces()).toEqual(['rgb(255, 255, 255)', 'rgb(255, 255, 255)']);
  });

  test('shows feedback as text, whatever it holds', async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    await page.route('**/api/review/**', async (route) => {
      const answers = waterCard.samples.map((answer) => ({ question: { prompt: 'Why?' }, answer: String(answer) }));
      const report = await gradeAnswersWithFallback(answers, { provider: mockProvider() });
      const data = report.results.map((result) => ({ ...toWireResult(result, result.index), feedback: hostile }));
      const body = { success: true, data, metrics: toWireMetrics({ ...report.metrics, fallbackReason: hostile }) };
      await route.fulfill({ json: body });
    });
    await button('Submit answers').click();
    await button('Finish card').waitFor();
    expect(await question(1).innerText()).toContain(hostile);
    expect(await metrics().innerText()).toContain(hostile);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Review: gradelanes');
  });

  function button(name: string): Locator {
    return page.getByRole('button', { name });
  }

  function metrics(): Locator {
    return page.getByRole('region', { name: 'How the answers were graded' });
  }

  /** By its number on the page. */
  function question(number: number): Locator {
    return page.getByRole('article').nth(number - 1);
  }

  async function expectProgress(completed: number): Promise<void> {
    await metrics().getByText(`Graded ${completed} of ${questionCount}`).waitFor();
    const progress = metrics().getByRole('progressbar');
    expect(await progress.getAttribute('value')).toBe(String(completed));
  }

  async function expectAccessible(state: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const violations = await axeViolations(page);
      expect(violations, `${state}, ${colorScheme}`).toEqual([]);
      for (const part of [page.locator('body'), page.locator('grading-metrics')]) {
        const contrasts = await contrastsIn(part, '.call, .wait');
        const isDrawn = (what: string): boolean => /^(call|wait)/.test(what);
        const faint = contrasts.filter(({ what, ratio }) => ratio < (isDrawn(what) ? 3 : 4.5));
        expect(faint, `${state}, ${colorScheme}`).toEqual([]);
      }
    }
  }
});
