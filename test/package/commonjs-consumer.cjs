// Installed into a fresh CommonJS project by test/tools/package.mjs.
const assert = require('node:assert/strict');
const { ProviderError, gradeAnswersWithFallback, isProviderError } = require('gradelanes');
const { offlineProvider } = require('gradelanes/offline');

const question = {
  prompt: 'What do plants make from light?',
  referenceAnswers: ['They make sugar and release oxygen'],
};
const answers = ['They make sugar', 'Oxygen and sugar', 'A cat'].map((answer) => ({ question, answer }));
void check();

async function check() {
  const report = await gradeAnswersWithFallback(answers, { provider: offlineProvider() });
  assert.deepEqual(
    report.results.map((result) => `${result.status} ${result.gradedBy}`),
    ['graded offline', 'graded offline', 'graded offline'],
  );
  const imported = await import('gradelanes');
  assert.equal(imported.ProviderError, ProviderError, 'require and import share one class');
  assert.ok(isProviderError(new imported.ProviderError('server', 'down')));
}
