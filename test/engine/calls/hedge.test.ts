import { beforeEach, describe, expect, test } from 'vitest';
import {
  createConcurrencyController,
  gradeAnswersConcurrently,
  ProviderError,
  type ConcurrencyController,
  type GradingReport,
  type SingleModeOptions,
} from 'gradelanes';
import { eventLog, manualClock, mockProvider, type ManualClock, type MockProvider } from 'gradelanes/testing';
import { sampleAnswers } from '../../sample-answers.js';

const SLOTS = 3;
const plain = { localGrading: false, guards: false, random: () => 0.5 } as const;

let clock: ManualClock;
let controller: ConcurrencyController;
beforeEach(() => {
  clock = manualClock();
  controller = createConcurrencyController({ maxConcurrentTasks: SLOTS, clock });
});

/** Answers by text take so long, at the first attempt and at later ones; all others take 100 ms. */
function slowProvider(slow: Record<string, readonly [firstMs: number, laterMs: number]>): MockProvider {
  const delayMs: NonNullable<Parameters<typeof mockProvider>[1]>['delayMs'] = (items, { attempt }) => {
    const [firstMs, laterMs] = slow[items[0]?.answer ?? ''] ?? [100, 100];
    return attempt === 1 ? firstMs : laterMs;
  };
  return mockProvider(1, { clock, delayMs });
}

/** As many calls as a history takes, none of which has the answers of {@link sampleAnswers}. */
async function warmUp(provider: MockProvider, calls = 20): Promise<void> {
  const answers = sampleAnswers(calls, (index) => ({ answer: `earlier ${index}` }));
  await clock.runUntil(gradeAnswersConcurrently(answers, { ...plain, provider, clock, controller }));
}

async function grade(
  provider: MockProvider,
  count: number,
  options: Partial<SingleModeOptions> = {},
): Promise<GradingReport['metrics']> {
  const settings = { ...plain, provider, clock, controller, hedge: true, ...options };
  const { metrics } = await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(count), settings));
  return metrics;
}

describe('a call that takes unusually long', () => {
  test('gets a second copy, whose verdict counts if it comes first, and is aborted then', async () => {
    const provider = slowProvider({ 'answer 0': [5_000, 100] });
    await warmUp(provider);
    const log = eventLog();
    const metrics = await grade(provider, 2, { onEvent: log.onEvent });
    expect(metrics).toMatchObject({ gradedCount: 2, requests: 3, retries: 0, hedges: { sent: 1, won: 1 } });
    expect(metrics.totalProcessingTimeMs).toBeLessThan(500);
    const [first, , copy] = provider.calls.slice(20);
    expect([first?.signal.aborted, copy?.signal.aborted, copy?.attempt]).toEqual([true, false, 2]);
    expect(log.lines.filter((line) => line.includes('call-hedged'))).toHaveLength(1);
  });

  test('counts itself if it comes first after all, and its copy is aborted', async () => {
    const provider = slowProvider({ 'answer 0': [300, 5_000] });
    await warmUp(provider);
    const metrics = await grade(provider, 1);
    expect(metrics).toMatchObject({ gradedCount: 1, requests: 2, hedges: { sent: 1, won: 0 } });
    expect(metrics.totalProcessingTimeMs).toBe(300);
    expect(provider.calls.at(-1)?.signal.aborted).toBe(true);
  });

  test('loses to a copy with a verdict when its own reply has none', async () => {
    const provider = mockProvider(
      (item, { attempt }) => {
        if (item.answer === 'answer 0' && attempt === 1) throw new ProviderError('malformed', 'no verdict');
        return 1;
      },
      { clock, delayMs: ([item], { attempt }) => (item?.answer === 'answer 0' && attempt === 1 ? 150 : 100) },
    );
    await warmUp(provider);
    const metrics = await grade(provider, 1);
    expect(metrics).toMatchObject({ gradedCount: 1, requests: 2, hedges: { sent: 1, won: 1 } });
  });

  test('gets none before twenty calls are known', async () => {
    const provider = slowProvider({ 'answer 0': [5_000, 100] });
    await warmUp(provider, 19);
    expect(await grade(provider, 1)).toMatchObject({ requests: 1, hedges: { sent: 0, won: 0 } });
  });

  test('gets none where hedging is off', async () => {
    const provider = slowProvider({ 'answer 0': [5_000, 100] });
    await warmUp(provider);
    expect(await grade(provider, 1, { hedge: false })).toMatchObject({ requests: 1, totalProcessingTimeMs: 5_000 });
  });

  test('gets none where its provider has failed as a whole meanwhile', async () => {
    const provider = mockProvider(
      (item) => (item.answer === 'answer 1' ? new ProviderError('auth', 'the key is wrong') : 1),
      { clock, delayMs: ([item]) => (item?.answer === 'answer 0' ? 5_000 : 50) },
    );
    await warmUp(provider);
    expect(await grade(provider, 2)).toMatchObject({ requests: 2, hedges: { sent: 0 } });
  });

  test('waits for a spare slot, and does without if there is none in time', async () => {
    const provider = slowProvider({ 'answer 0': [400, 100], 'answer 1': [390, 390], 'answer 2': [390, 390] });
    await warmUp(provider);
    expect(await grade(provider, 3)).toMatchObject({ requests: 3, hedges: { sent: 0, won: 0 } });
  });

  test('takes its copy out of the share of calls that hedges may be', async () => {
    const slow = Object.fromEntries(sampleAnswers(3).map(({ answer }) => [answer as string, [2_000, 100] as const]));
    const provider = slowProvider(slow);
    await warmUp(provider);
    const { hedges } = await grade(provider, 2, { hedge: { budget: 0.05, afterPercentile: 95, minDelayMs: 0 } });
    expect(hedges.sent).toBe(1);
  });

  test.each([
    [50, 200],
    [95, 1_100],
  ])('is late after the percentile of what calls took: at %i done after %i ms', async (afterPercentile, doneAtMs) => {
    const slower = [15, 16, 17, 18, 19].map((index) => [`earlier ${index}`, [1_000, 1_000]] as const);
    const provider = slowProvider({ ...Object.fromEntries(slower), 'answer 0': [5_000, 100] });
    await warmUp(provider);
    const { totalProcessingTimeMs } = await grade(provider, 1, { hedge: { afterPercentile, minDelayMs: 0 } });
    expect(totalProcessingTimeMs).toBe(doneAtMs);
  });

  test('gets none from a local provider, or where the budget has no room', async () => {
    const slow = slowProvider({ 'answer 0': [5_000, 100] });
    const local = { ...slow, capabilities: { local: true } };
    for (let round = 0; round < 20; round++) await grade(local, 1);
    expect((await grade(local, 1)).hedges.sent).toBe(0);
    await warmUp(slow);
    expect((await grade(slow, 1, { budget: { maxRequests: 1 } })).hedges.sent).toBe(0);
  });

  test('counts by the copy with a reply where the other failed on its way', async () => {
    const provider = mockProvider(
      (item, { attempt }) => {
        if (item.answer !== 'answer 0') return 1;
        return attempt === 1 ? new ProviderError('server', 'down') : 7;
      },
      { clock, delayMs: ([item], { attempt }) => (item?.answer === 'answer 0' && attempt === 1 ? 150 : 100) },
    );
    await warmUp(provider);
    const log = eventLog();
    await grade(provider, 1, { retry: false, onEvent: log.onEvent });
    expect(log.lines.at(-2)).toContain('malformed');
  });

  test('waits at least as long as the caller wants before it gets one', async () => {
    const provider = slowProvider({ 'answer 0': [1_000, 100] });
    await warmUp(provider);
    const { totalProcessingTimeMs } = await grade(provider, 1, { hedge: { minDelayMs: 700 } });
    expect(totalProcessingTimeMs).toBe(800);
  });
});

describe('a call that has stalled', () => {
  test('gets a second copy by default, at three times what was slow before and never before 5 s', async () => {
    const provider = slowProvider({ 'answer 0': [55_000, 100] });
    await warmUp(provider, 10);
    const metrics = await grade(provider, 2, { hedge: undefined });
    expect(metrics).toMatchObject({ gradedCount: 2, requests: 3, hedges: { sent: 1, won: 1 } });
    expect(metrics.totalProcessingTimeMs).toBe(5_100);
  });

  test('is left alone while fewer than ten calls are known, and with `hedge: false`', async () => {
    const provider = slowProvider({ 'answer 0': [55_000, 100] });
    await warmUp(provider, 8);
    expect((await grade(provider, 1, { hedge: undefined })).totalProcessingTimeMs).toBe(55_000);
    await warmUp(provider, 20);
    expect((await grade(provider, 1, { hedge: false })).totalProcessingTimeMs).toBe(55_000);
  });

  test('counts as late as soon as enough is known, also if that is learned while it hangs', async () => {
    const provider = slowProvider({ 'answer 0': [55_000, 100] });
    const metrics = await grade(provider, 30, { hedge: undefined });
    expect(metrics).toMatchObject({ gradedCount: 30, hedges: { sent: 1, won: 1 } });
    expect(metrics.totalProcessingTimeMs).toBe(5_100);
  });

  test('is given up and repeated where its second copy stalls as well', async () => {
    const provider = mockProvider(1, {
      clock,
      delayMs: ([item], { attempt }) => (item?.answer === 'answer 0' && attempt <= 2 ? 55_000 : 100),
    });
    await warmUp(provider);
    const log = eventLog();
    const metrics = await grade(provider, 1, { hedge: undefined, onEvent: log.onEvent });
    expect(metrics).toMatchObject({ gradedCount: 1, requests: 3, hedges: { sent: 1, won: 0 } });
    expect(metrics.totalProcessingTimeMs).toBeLessThan(12_000);
    expect(String(log)).toContain('timeout');
  });

  test('is given up and repeated where it holds the only slot', async () => {
    controller = createConcurrencyController({ maxConcurrentTasks: 1, clock });
    const provider = slowProvider({ 'answer 0': [55_000, 100] });
    await warmUp(provider);
    const metrics = await grade(provider, 3, { hedge: undefined });
    expect(metrics).toMatchObject({ gradedCount: 3, hedges: { sent: 0 }, concurrentExecutionCount: 1 });
    expect(metrics.totalProcessingTimeMs).toBeLessThan(12_000);
  });
});

describe('a second copy that waits', () => {
  test('never holds back the reply that is there, though a shared limiter hangs', async () => {
    let asked = 0;
    // The history and the first copy are let through, the second one never.
    const limiter = { acquire: () => (++asked > 21 ? new Promise<void>(() => {}) : Promise.resolve()) };
    controller = createConcurrencyController({ maxConcurrentTasks: SLOTS, clock, limiter });
    const provider = slowProvider({ 'answer 0': [300, 100] });
    await warmUp(provider);
    const metrics = await grade(provider, 1);
    expect([asked, metrics.totalProcessingTimeMs, metrics.hedges.sent]).toEqual([22, 300, 0]);
  });

  test('keeps within the budget: it sets aside what it will take', async () => {
    const provider = mockProvider(1, { clock, delayMs: (_, { attempt }) => (attempt === 1 ? 300 : 200) });
    const quick = mockProvider(1, { clock, delayMs: 100 });
    for (const maxRequests of [1, 2, 3, 4, 5, 6, 7]) {
      controller = createConcurrencyController({ maxConcurrentTasks: 10, clock });
      await warmUp(quick, 200);
      const hedge = { budget: 1, afterPercentile: 50, minDelayMs: 1 };
      const metrics = await grade(provider, 6, { hedge, budget: { maxRequests } });
      expect(metrics.requests).toBeLessThanOrEqual(maxRequests);
    }
  });
});
