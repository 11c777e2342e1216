// @vitest-environment jsdom
import { gradeAnswersConcurrently } from 'gradelanes';
import { mockProvider } from 'gradelanes/testing';
import { expect, test } from 'vitest';
import { outcomes, sampleAnswers } from '../../sample-answers.js';

test("the queue works where EventTarget and CustomEvent are a page's, as in jsdom", async () => {
  const report = await gradeAnswersConcurrently(sampleAnswers(9), { provider: mockProvider() });
  expect(document.body).toBeDefined();
  expect(outcomes(report)).toEqual(Array.from({ length: 9 }, () => 1));
});
