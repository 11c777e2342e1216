import { describe, expect, test } from 'vitest';
import { gradeAnswersWithFallback, type FallbackStep } from 'gradelanes';
import { expectEveryAnswerOnce, seededRandom } from 'gradelanes/testing';
import { anthropicWire } from '../../src/testing-server/anthropic-wire.js';
import { openaiWire } from '../../src/testing-server/openai-wire.js';
import { sampleAnswers } from '../sample-answers.js';
import { eventClock } from './event-clock.js';
import { rateLimitedProvider, tokenLimitedProvider, type VendorLimit } from './rate-limited-provider.js';
import { logNormal } from './statistics.js';

const SEEDS = 10;
const LATENCY_MS = 200;
const TRAVEL_MS = 20;
const BURST = 20;
const loads = [
  { perMinute: 600, answerCount: 300 },
  { perMinute: 120, answerCount: 200 },
];
const vendors = [
  { name: `OpenAI's headers`, headers: openaiWire, mostRejected: 0.01 },
  { name: `Anthropic's headers`, headers: anthropicWire, mostRejected: 0.01 },
  { name: 'no headers', headers: undefined, mostRejected: 0.1 },
];
const hints = ['milliseconds', 'seconds', 'none'] as const;

interface LimitedRun {
  /** Time taken over the shortest possible. */
  wall: number;
  rejectedPerAnswer: number;
  fallbacks: readonly FallbackStep[];
}

/** A run with default options but ten calls at once. */
async function gradeLimited(seed: number, answerCount: number, limit: VendorLimit): Promise<LimitedRun> {
  const clock = eventClock();
  const random = seededRandom(seed);
  const provider = rateLimitedProvider(
    clock,
    limit,
    () => LATENCY_MS * logNormal(random, 0.3),
    () => TRAVEL_MS * random(),
  );
  const answers = sampleAnswers(answerCount);
  const running = gradeAnswersWithFallback(answers, { provider, clock, random, maxConcurrentTasks: 10 });
  const report = await clock.runUntil(running);
  expectEveryAnswerOnce(report, answers);
  const { gradedCount, rateLimited, totalProcessingTimeMs, fallbacks } = report.metrics;
  const { rejectedCount } = provider;
  expect({ gradedCount, rateLimited }).toEqual({ gradedCount: answerCount, rateLimited: rejectedCount });
  const idealMs = ((answerCount - limit.burst) * 60_000) / limit.perMinute + LATENCY_MS;
  return { wall: totalProcessingTimeMs / idealMs, rejectedPerAnswer: rejectedCount / answerCount, fallbacks };
}

interface TokenLoad {
  tokensPerMinute: number;
  burst: number;
  contextCharacters: number;
  answerCount: number;
}

/** The same under a limit of tokens, with material that is most of the prompt. */
async function gradeTokenLimited(
  seed: number,
  { tokensPerMinute, burst, contextCharacters, answerCount }: TokenLoad,
  vendor: Pick<VendorLimit, 'headers' | 'retryAfter'>,
): Promise<Omit<LimitedRun, 'fallbacks'>> {
  const clock = eventClock();
  const random = seededRandom(seed);
  const provider = tokenLimitedProvider(
    clock,
    { perMinute: tokensPerMinute, burst, ...vendor },
    () => LATENCY_MS * logNormal(random, 0.3),
    () => TRAVEL_MS * random(),
  );
  const answers = sampleAnswers(answerCount);
  const context = 'Ice is less dense than water. '.repeat(contextCharacters / 30);
  const running = gradeAnswersWithFallback(answers, { provider, clock, random, context, maxConcurrentTasks: 10 });
  const report = await clock.runUntil(running);
  expectEveryAnswerOnce(report, answers);
  expect(report.metrics).toMatchObject({ gradedCount: answerCount, fallbacks: [] });
  const { rejectedCount, tokensTaken } = provider;
  const idealMs = ((tokensTaken - burst) * 60_000) / tokensPerMinute + LATENCY_MS;
  return { wall: report.metrics.totalProcessingTimeMs / idealMs, rejectedPerAnswer: rejectedCount / answerCount };
}

describe.each(loads)('at $perMinute calls a minute, $answerCount answers', ({ perMinute, answerCount }) => {
  describe.each(vendors)('with $name', ({ headers, mostRejected }) => {
    test.each(hints)('and a hint in %s are all graded at the rate limit', async (retryAfter) => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const limit = { perMinute, burst: BURST, headers, retryAfter };
        const { wall, rejectedPerAnswer, fallbacks } = await gradeLimited(seed, answerCount, limit);
        expect(fallbacks).toEqual([]);
        expect(wall, `time over the shortest possible, seed ${seed}`).toBeLessThanOrEqual(1.05);
        expect(rejectedPerAnswer, `rejected calls per answer, seed ${seed}`).toBeLessThanOrEqual(mostRejected);
      }
    });
  });
});

describe.each([
  { tokensPerMinute: 40_000, burst: 40_000, contextCharacters: 0, answerCount: 300 },
  { tokensPerMinute: 60_000, burst: 60_000, contextCharacters: 4_000, answerCount: 200 },
  { tokensPerMinute: 300_000, burst: 300_000, contextCharacters: 40_000, answerCount: 200 },
  { tokensPerMinute: 180_000, burst: 30_000, contextCharacters: 4_000, answerCount: 300 },
])('at $tokensPerMinute tokens a minute, $burst at once, with $contextCharacters characters of material', (load) => {
  describe.each([
    [`OpenAI's headers`, openaiWire],
    [`Anthropic's headers`, anthropicWire],
  ])('and %s', (_, headers) => {
    test.each(hints)('and a hint in %s, all are graded at the rate limit', async (retryAfter) => {
      for (let seed = 1; seed <= 3; seed++) {
        const { wall, rejectedPerAnswer } = await gradeTokenLimited(seed, load, { headers, retryAfter });
        expect(wall, `time over the shortest possible, seed ${seed}`).toBeLessThanOrEqual(1.05);
        expect(rejectedPerAnswer, `rejected calls per answer, seed ${seed}`).toBeLessThanOrEqual(0.01);
      }
    });
  });
});

describe('a limit that is enforced call by call, and calls that do not all take the same time to arrive', () => {
  test.each([60, 120, 600])('at %i a minute, read from headers, lose no answer', async (perMinute) => {
    for (const seed of [1, 2, 3]) {
      const limit = { perMinute, burst: 1, headers: openaiWire, retryAfter: 'seconds' } as const;
      const { wall, rejectedPerAnswer } = await gradeLimited(seed, 100, limit);
      expect(wall).toBeLessThanOrEqual(2);
      expect(rejectedPerAnswer).toBeLessThanOrEqual(0.3);
    }
  });

  test.each(hints)('at 120 a minute, with a hint in %s and no headers, lose no answer', async (retryAfter) => {
    for (const seed of [1, 2, 3]) {
      const limit = { perMinute: 120, burst: 1, headers: undefined, retryAfter };
      const { wall, rejectedPerAnswer } = await gradeLimited(seed, 100, limit);
      expect(wall).toBeLessThanOrEqual(3);
      expect(rejectedPerAnswer).toBeLessThanOrEqual(0.3);
    }
  });
});
