import { fc } from '@fast-check/vitest';
import {
  type BudgetOptions,
  gradeAnswersStream,
  type GradingProvider,
  type GradingResult,
  type GradingStreamOptions,
  ProviderError,
} from 'gradelanes';
import { manualClock } from 'gradelanes/testing';
import { expect, test } from 'vitest';
import { sampleAnswers } from '../../sample-answers.js';

const { array, assert, asyncProperty, constantFrom, integer, oneof, record } = fc;

/** Runs by default; `STREAM_SEEDS` asks for more. */
const RUNS = Number(process.env['STREAM_SEEDS'] ?? 60);

const ends = ['all', 'break', 'abort', 'deadline'] as const;
const budgets = oneof(
  record({ maxRequests: integer({ min: 1, max: 60 }) }),
  record({ maxTokens: integer({ min: 100, max: 20_000 }) }),
  record({ maxCost: integer({ min: 1, max: 60 }).map((cents) => cents / 10_000) }),
).map((limit): BudgetOptions => ({ ...limit, prices: { vendor: { inputPerMillion: 1, outputPerMillion: 5 } } }));

/** Of `failing` calls in ten, one after the other, each ends in another fault. */
function providerThatFails(failing: number, number: number, clock: ReturnType<typeof manualClock>): GradingProvider {
  let calls = 0;
  const faults = ['refused', 'server', 'unknown', 'rate_limited'] as const;
  return {
    name: `vendor ${number}`,
    grade: async (items, { report }) => {
      const turn = calls++;
      await new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 10 + (turn % 7)));
      report({ usage: { inputTokens: 40 * items.length, outputTokens: 20 * items.length } });
      if (turn % 10 < failing) throw new ProviderError(faults[turn % faults.length] ?? 'server', 'injected');
      return items.map(({ id }) => ({ id, score: 1 }));
    },
  };
}

test('a stream with a budget ends, whoever ends it, and its metrics resolve', { timeout: 600_000 }, async () => {
  await assert(
    asyncProperty(
      array(integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 4 }),
      budgets,
      integer({ min: 1, max: 60 }),
      constantFrom(...ends),
      integer({ min: 1, max: 10 }),
      async (chain, budget, count, end, maxConcurrentTasks) => {
        const clock = manualClock();
        const [first, ...others] = chain.map((failing, number) => providerThatFails(failing, number, clock));
        if (first === undefined) return;
        const abort = new AbortController();
        const options: GradingStreamOptions = {
          ...{
            provider: [first, ...others],
            budget,
            maxConcurrentTasks,
            clock,
            random: () => 0.5,
            localGrading: false,
          },
          ...(end === 'deadline' && { deadlineMs: 40 }),
          ...(end === 'abort' && { signal: abort.signal }),
        };
        const stream = gradeAnswersStream(sampleAnswers(count), options);
        const read = async (): Promise<number> => {
          const results: GradingResult[] = [];
          try {
            for await (const result of stream) {
              results.push(result);
              if (end === 'break' && results.length > count / 2) break;
              if (end === 'abort' && results.length > count / 2) abort.abort();
            }
          } catch (error) {
            expect(error).toMatchObject({ name: 'AbortError' });
          }
          return results.length;
        };
        const found = await clock.runUntil(read());
        const { gradedCount, failedCount } = await clock.runUntil(stream.metrics);
        if (end === 'all' || end === 'deadline') expect([found, gradedCount + failedCount]).toEqual([count, count]);
      },
    ),
    { numRuns: RUNS },
  );
});
