// Single texts that once took 50 ms and more, by the CPU time of the best of five runs.
import type { Question } from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';
import { manualClock } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../src/grading/guards/clean-text.js';
import { plainFeedback } from '../../src/grading/guards/plain-feedback.js';
import { secondOpinion } from '../../src/grading/guards/word-overlap.js';
import { normaliseText } from '../../src/grading/offline/normalise-text.js';

const MOST_CPU_MS = 50;

describe('one text', () => {
  test.for([
    ['feedback of brackets', () => plainFeedback('['.repeat(10_000))],
    ['feedback of pictures', () => plainFeedback('!['.repeat(5_000))],
    ['an answer of characters that grow', () => cleanText('\ufdfa'.repeat(87_000))],
    ['combining marks for the offline grader', () => normaliseText(`a${'\u0301\u0323'.repeat(10_000)}`, 'words')],
  ] as const)('of %s takes little time', ([, read]) => {
    expect(leastCpuMs(read)).toBeLessThan(MOST_CPU_MS);
  });
});

describe('an answer of misspelt words', () => {
  const references = Array.from({ length: 20 }, (_, index) => manyWords(38, index));
  const question: Question = { prompt: 'Explain.', referenceAnswers: references };

  test('against 20 references takes little time in the second opinion', () => {
    const answers = Array.from({ length: 5 }, (_, index) => manyWords(170, 900 + index));
    expect(leastCpuMs((time) => secondOpinion(question, answers[time] ?? '')?.score())).toBeLessThan(MOST_CPU_MS);
  });

  test('lets other work run between one answer and the next, however many calls there are', async () => {
    const provider = offlineProvider();
    let turns = 0;
    let isGrading = true;
    const count = (): void => {
      turns += 1;
      if (isGrading) setImmediate(count);
    };
    setImmediate(count);
    const signal = new AbortController().signal;
    const answer = manyWords(170, 1_000);
    const context = { signal, attempt: 1, callId: 'c', clock: manualClock(), report: () => {} };
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => provider.grade([{ id: `${index}`, question, answer }], context)),
    );
    isGrading = false;
    expect(turns).toBeGreaterThanOrEqual(29);
  });
});

function leastCpuMs(work: (time: number) => unknown): number {
  const costs = [0, 1, 2, 3, 4].map((time) => {
    const before = process.threadCpuUsage();
    work(time);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...costs);
}

/** Words that differ from each other and begin and end alike. */
function manyWords(count: number, seed: number): string {
  return Array.from({ length: count }, (_, index) => `expl${(index * 7_919 + seed * 104_729) % 99_991}ation`).join(' ');
}
