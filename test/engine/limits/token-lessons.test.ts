import { describe, expect, test } from 'vitest';
import { TokenLessons } from '../../../src/engine/limits/token-lessons.js';

describe('what a call is expected to take', () => {
  test('is what its texts come to while nothing is known', () => {
    const lessons = new TokenLessons();
    expect([lessons.expected(300), lessons.expected(0)]).toEqual([300, 0]);
  });

  test('follows what calls took over what their texts came to, in whole tokens', () => {
    const lessons = new TokenLessons();
    lessons.learn(100, 250);
    expect([lessons.expected(100), lessons.expected(3)]).toEqual([250, 8]);
  });

  test('weighs a long call more than a short one', () => {
    const lessons = new TokenLessons();
    lessons.learn(1_000, 1_000);
    lessons.learn(100, 320);
    expect(lessons.expected(1_100)).toBe(1_320);
  });

  test('forgets in time what was before', () => {
    const lessons = new TokenLessons();
    for (let call = 0; call < 100; call++) lessons.learn(100, 100);
    for (let call = 0; call < 5; call++) lessons.learn(100, 300);
    expect(lessons.expected(100)).toBeGreaterThan(170);
    for (let call = 0; call < 60; call++) lessons.learn(100, 300);
    expect(lessons.expected(100)).toBe(300);
  });

  test('is what calls take on average where the texts do not say, and those teach nothing of texts', () => {
    const lessons = new TokenLessons();
    lessons.learn(0, 400);
    lessons.learn(0, 500);
    expect([lessons.expected(0), lessons.expected(100)]).toEqual([450, 100]);
    lessons.learn(100, 600);
    expect([lessons.expected(0), lessons.expected(100)]).toEqual([500, 600]);
  });
});
