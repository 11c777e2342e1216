// Bodies within the default limits that once cost a third of a second and more, in one piece.
import { mockProvider } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { reviewHandler, reviewRequest } from './review-requests.js';

const MOST_CPU_MS = 50;

const many = <T>(value: T, count: number): T[] => Array.from({ length: count }, () => value);

describe('a body within the limits', () => {
  test.for([
    [
      'a list of numbers that ends in another type',
      { answers: [{ question_index: 0, answer: [...many(0, 100_000), true] }] },
    ],
    ['a list of the wrong type', { answers: [{ question_index: 0, answer: many(true, 50_000) }] }],
    ['a valid list of very many numbers', { answers: [{ question_index: 0, answer: many(0, 120_000) }] }],
    ['100,000 answers that are none', { answers: many(0, 100_000) }],
    ['70,000 empty answers', { answers: many({}, 70_000) }],
    ['lists in lists', `{"answers":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    [
      '100 answers of 900 parts',
      { answers: Array.from({ length: 100 }, (_, index) => ({ question_index: index, answer: many(0, 900) })) },
    ],
  ] as const)('of %s is refused at little cost', async ([, body]) => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const request = reviewRequest('parallel', body);
    const costs: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      const before = process.threadCpuUsage();
      const response = await handler(request.clone());
      const { user, system } = process.threadCpuUsage(before);
      costs.push((user + system) / 1_000);
      expect(response.status).toBe(400);
    }
    // The best of five: the first runs compile.
    expect(Math.min(...costs)).toBeLessThan(MOST_CPU_MS);
  });
});
