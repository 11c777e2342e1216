// Installed into a fresh ESM project by test/tools/package.mjs.
import assert from 'node:assert/strict';
import { gradeAnswersWithFallback } from 'gradelanes';
// As a server does that renders a page with the element in it.
import 'gradelanes/elements';
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
