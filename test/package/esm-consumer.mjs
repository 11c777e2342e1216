// Installed into a fresh ESM project by test/tools/package.mjs.
import assert from 'node:assert/strict';
import { gradeAnswersWithFallback } from 'gradelanes';
import { defineGradingMetrics } from 'gradelanes/elements';
import { offlineProvider } from 'gradelanes/offline';

const question = {
  prompt: 'What do plants make from light?',
  referenceAnswers: ['They make sugar and release oxygen'],
};
const answers = ['They make sugar', 'Oxygen and sugar', 'A cat'].map((answer) => ({ question, answer }));
const report = await gradeAnswersWithFallback(answers, { provider: offlineProvider() });
assert.deepEqual(
  report.results.map((result) => `${result.status} ${result.gradedBy}`),
  ['graded offline', 'graded offline', 'graded offline'],
);
// On a server the element is not defined, but nothing fails.
defineGradingMetrics();
