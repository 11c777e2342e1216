// A real browser for tests of pages: Chromium as the system has it, driven by playwright-core.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const found = places.find((place) => existsSync(place));
const howTo = 'no Chromium found: install it (Debian: apt-get install chromium), or name its file in CHROMIUM';
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Whether tests in a browser can run. Where there is no browser this says so; in CI they run, and fail, all the same. */
export const hasChromium: boolean = found !== undefined || process.env['CI'] !== undefined;

if (!hasChromium) console.warn(`The tests in a browser do not run: ${howTo}`);

/** A policy under which no inline style, inline script or markup from a string has any effect. */
export const strictPolicy = "default-src 'self'; require-trusted-types-for 'script'";

/** Starts a headless browser. */
export async function openChromium(): Promise<Browser> {
  if (found === undefined) throw new Error(howTo);
  return chromium.launch({ executablePath: found, args: ['--no-sandbox'] });
}

/** What a page says against itself from now on: uncaught errors, console errors, violations of its policy. */
export function watchComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

/** What axe holds against the page as it is, shadow roots included, one line each. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  // Not as a script element: the page's policy would refuse it.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axeSource);
  const options = { resultTypes: ['violations'], preload: false };
  const { violations } = await page.evaluate<Pick<AxeResults, 'violations'>>(`axe.run(${JSON.stringify(options)})`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}
